import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { deleteSnapshot } from '@/lib/machines/snapshots'

export const dynamic = 'force-dynamic'

export const DELETE = withUser({ scope: 'machines' }, async ({ user, params }) => {
  await deleteSnapshot(db(), { id: parseId(params, 'snapshot'), ownerId: user.id })
  return new Response(null, { status: 204 })
})

import { parseId } from '@/app/api/parse-request'
import { withUser } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { unsubscribe } from '@/lib/push/commands'

export const dynamic = 'force-dynamic'

export const DELETE = withUser(async ({ user, params }) => {
  await unsubscribe(db(), { id: parseId(params, 'subscription'), ownerId: user.id })
  return new Response(null, { status: 204 })
})

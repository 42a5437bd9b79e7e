import { idOf, signedIn } from '@/app/api/respond'
import { db } from '@/lib/db'
import { deleteSnapshot } from '@/lib/machines/snapshots'

export const dynamic = 'force-dynamic'

export const DELETE = signedIn(async ({ identity, params }) => {
  await deleteSnapshot(db(), { id: idOf(params, 'snapshot'), ownerId: identity.id })
  return new Response(null, { status: 204 })
})

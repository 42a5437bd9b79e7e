import { withUser } from '@/app/api/with-user'
import { revokeKey } from '@/lib/accounts/keys'
import { db } from '@/lib/database/db'

export const dynamic = 'force-dynamic'

export const DELETE = withUser({ scope: 'admin' }, async ({ user, params }) => {
  await revokeKey(db(), { id: String(params.id), ownerId: user.id })
  return new Response(null, { status: 204 })
})

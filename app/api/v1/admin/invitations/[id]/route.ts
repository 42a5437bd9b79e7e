import { parseId } from '@/app/api/parse-request'
import { withAdmin } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { revokeInvitation } from '@/lib/users/invitations'

export const dynamic = 'force-dynamic'

export const DELETE = withAdmin(async ({ params }) => {
  await revokeInvitation(db(), parseId(params, 'invitation'))
  return new Response(null, { status: 204 })
})

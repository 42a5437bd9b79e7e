import { parseBody } from '@/app/api/parse-request'
import { withAdmin } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { createInvitation, listInvitations } from '@/lib/users/invitations'
import { createInvitationSchema } from '@/lib/users/schema'

export const dynamic = 'force-dynamic'

export const GET = withAdmin(async () => Response.json({ invitations: await listInvitations(db()) }))

export const POST = withAdmin(async ({ user, request }) => {
  const input = await parseBody(request, createInvitationSchema)
  const invitation = await createInvitation(db(), { createdById: user.id, input })
  return Response.json(invitation, { status: 201, headers: { 'cache-control': 'no-store' } })
})

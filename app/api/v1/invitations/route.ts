import { parseBody } from '@/app/api/parse-request'
import { withProblemDetails } from '@/app/http/problem-details'
import { db } from '@/lib/database/db'
import { acceptInvitation } from '@/lib/users/invitations'
import { acceptInvitationSchema } from '@/lib/users/schema'

export const dynamic = 'force-dynamic'

/** Public: the link of the invitation is the credential. */
export const POST = (request: Request) =>
  withProblemDetails(async () =>
    Response.json(await acceptInvitation(db(), await parseBody(request, acceptInvitationSchema)), {
      status: 201,
    }),
  )

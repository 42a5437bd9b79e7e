import { parseBody } from '@/app/api/parse-request'
import type { TokenContext } from '@/app/api/token-context'
import { withProblemDetails } from '@/app/http/problem-details'
import { formatShareCookie } from '@/app/features/shares/share-cookie'
import { clientAddress } from '@/lib/accounts/client-address'
import { db } from '@/lib/database/db'
import { openShare } from '@/lib/shares/open-share'
import { openShareSchema } from '@/lib/shares/schema'

export const dynamic = 'force-dynamic'

/** Public: the link is the credential, with its password if it has one. */
export const POST = (request: Request, { params }: TokenContext) =>
  withProblemDetails(async () => {
    const { token } = await params
    const { password, grant } = await parseBody(request, openShareSchema)
    const address = clientAddress(request.headers)
    const opened = await openShare(db(), { token, password, grant, address })
    const headers: HeadersInit = opened.hasPassword
      ? { 'set-cookie': formatShareCookie(token, opened.grant) }
      : {}
    return Response.json(opened, { headers })
  })

import { parseBody } from '@/app/api/parse-request'
import type { TokenContext } from '@/app/api/token-context'
import { withProblemDetails } from '@/app/http/problem-details'
import { db } from '@/lib/database/db'
import { countView } from '@/lib/shares/commands'
import { grantSchema } from '@/lib/shares/schema'

export const dynamic = 'force-dynamic'

/** Public: the grant in the page of the link is the credential. */
export const POST = (request: Request, { params }: TokenContext) =>
  withProblemDetails(async () => {
    const { token } = await params
    const { grant } = await parseBody(request, grantSchema)
    await countView(db(), { token, grant })
    return new Response(null, { status: 204 })
  })

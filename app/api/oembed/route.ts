import { parseQuery } from '@/app/api/parse-request'
import { withProblemDetails } from '@/app/http/problem-details'
import { db } from '@/lib/database/db'
import { describeForEmbedding } from '@/lib/shares/oembed'
import { oEmbedQuerySchema } from '@/lib/shares/schema'

export const dynamic = 'force-dynamic'

/** Public: the link is the credential. */
export const GET = (request: Request) =>
  withProblemDetails(async () =>
    Response.json(await describeForEmbedding(db(), parseQuery(request, oEmbedQuerySchema))),
  )

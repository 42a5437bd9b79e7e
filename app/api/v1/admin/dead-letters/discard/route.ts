import { parseBody } from '@/app/api/parse-request'
import { withAdmin } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { discardDeadLetters, discardDeadLettersSchema } from '@/lib/queues/dead-letters'

export const dynamic = 'force-dynamic'

export const POST = withAdmin(async ({ request }) =>
  Response.json({
    discarded: await discardDeadLetters(db(), await parseBody(request, discardDeadLettersSchema)),
  }),
)

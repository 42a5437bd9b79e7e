import { parseBody } from '@/app/api/parse-request'
import { withAdmin } from '@/app/api/with-user'
import { db } from '@/lib/database/db'
import { discardDeadLetters, discardDeadLettersSchema } from '@/lib/queues/dead-letters'

export const dynamic = 'force-dynamic'

export const POST = withAdmin(async ({ request }) => {
  const selection = await parseBody(request, discardDeadLettersSchema)
  const discarded = await db().$transaction((tx) => discardDeadLetters(tx, selection))
  return Response.json({ discarded })
})

import { asAdmin } from '@/app/api/as-admin'
import { bodyOf } from '@/app/api/respond'
import { db } from '@/lib/db'
import { discardDeadLetters, discardSchema } from '@/lib/queues/dead-letters'

export const dynamic = 'force-dynamic'

export const POST = asAdmin(async ({ request }) =>
  Response.json({ discarded: await discardDeadLetters(db(), await bodyOf(request, discardSchema)) }),
)

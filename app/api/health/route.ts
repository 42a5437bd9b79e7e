import type { z } from 'zod'
import { authenticate } from '@/lib/accounts/authenticate'
import { db } from '@/lib/database/db'
import { type healthSchema, readHealth } from '@/lib/health/queries'

export const dynamic = 'force-dynamic'

/** Only administrators receive the reasons. */
export async function GET({ headers }: Request) {
  const report = await readHealth(db())
  const isOk = report.missing.length === 0
  const user = await authenticate(headers).catch(() => null)
  const health: z.infer<typeof healthSchema> = {
    status: isOk ? 'ok' : 'unavailable',
    ...(user?.isAdmin ? report : {}),
  }
  return Response.json(health, { status: isOk ? 200 : 503 })
}

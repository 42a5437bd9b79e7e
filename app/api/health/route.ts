import type { z } from 'zod'
import { db } from '@/lib/database/db'
import { type healthSchema, readHealth } from '@/lib/health/queries'

export const dynamic = 'force-dynamic'

export async function GET() {
  const report = await readHealth(db())
  const isOk = report.missing.length === 0
  const health: z.infer<typeof healthSchema> = { status: isOk ? 'ok' : 'unavailable', ...report }
  return Response.json(health, { status: isOk ? 200 : 503 })
}

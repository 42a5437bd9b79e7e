import { db } from '@/lib/db'
import { findMissing } from '@/lib/health'

export const dynamic = 'force-dynamic'

export async function GET() {
  const missing = await findMissing(db())
  const isOk = missing.length === 0
  return Response.json({ status: isOk ? 'ok' : 'unavailable', missing }, { status: isOk ? 200 : 503 })
}

import { createHash, timingSafeEqual } from 'node:crypto'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { withProblems } from '@/app/api/respond'
import { requireIdentity } from '@/lib/accounts/identity'
import { config } from '@/lib/config'
import { db } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { queueMetrics } from '@/lib/queues/metrics'

export const dynamic = 'force-dynamic'

/** For Prometheus: with METRICS_TOKEN, or with the key of an administrator. */
export const GET = (request: Request) =>
  withProblems(async () => {
    await requireReader(request.headers)
    const all = Registry.merge([processMetrics(), await queueMetrics(db())])
    return new Response(await all.metrics(), { headers: { 'content-type': all.contentType } })
  })

async function requireReader(headers: Headers) {
  const { METRICS_TOKEN } = config()
  if (METRICS_TOKEN && isSame(headers.get('authorization') ?? '', `Bearer ${METRICS_TOKEN}`)) return
  const { isAdmin } = await requireIdentity(headers)
  if (isAdmin) return
  const message = 'Only administrators may read this.'
  throw new AppError({ code: 'account.not_allowed', message, status: 403 })
}

/** Takes as long for any wrong token. */
const isSame = (one: string, other: string) =>
  timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest())

// Next.js may evaluate this module more than once in a process.
const shared = globalThis as typeof globalThis & { meanwhileMetrics?: Registry }

function processMetrics() {
  if (shared.meanwhileMetrics) return shared.meanwhileMetrics
  shared.meanwhileMetrics = new Registry()
  collectDefaultMetrics({ register: shared.meanwhileMetrics })
  return shared.meanwhileMetrics
}

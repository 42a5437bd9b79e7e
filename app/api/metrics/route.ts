import { createHash, timingSafeEqual } from 'node:crypto'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { withProblemDetails } from '@/app/http/problem-details'
import { requireAuthentication } from '@/lib/accounts/authenticate'
import { config } from '@/lib/config/config'
import { db } from '@/lib/database/db'
import { AppError } from '@/lib/errors'
import { collectQueueMetrics } from '@/lib/queues/metrics'

export const dynamic = 'force-dynamic'

/** For Prometheus: with METRICS_TOKEN, or with the key of an administrator. */
export const GET = (request: Request) =>
  withProblemDetails(async () => {
    await requireMetricsAccess(request.headers)
    const all = Registry.merge([processMetrics(), await collectQueueMetrics(db())])
    return new Response(await all.metrics(), { headers: { 'content-type': all.contentType } })
  })

async function requireMetricsAccess(headers: Headers) {
  const { METRICS_TOKEN } = config()
  if (METRICS_TOKEN && isSameSecret(headers.get('authorization') ?? '', `Bearer ${METRICS_TOKEN}`)) return
  const { isAdmin } = await requireAuthentication(headers)
  if (isAdmin) return
  const message = 'Only administrators may read this.'
  throw new AppError({ code: 'account.not_allowed', message, status: 403 })
}

/** Takes as long for any wrong token. */
const isSameSecret = (one: string, other: string) =>
  timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest())

// Next.js may evaluate this module more than once in a process.
const processGlobal = globalThis as typeof globalThis & { meanwhileMetrics?: Registry }

function processMetrics() {
  if (processGlobal.meanwhileMetrics) return processGlobal.meanwhileMetrics
  processGlobal.meanwhileMetrics = new Registry()
  collectDefaultMetrics({ register: processGlobal.meanwhileMetrics })
  return processGlobal.meanwhileMetrics
}

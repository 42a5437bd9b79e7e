import { collectDefaultMetrics, Registry } from 'prom-client'
import { withProblemDetails } from '@/app/http/problem-details'
import { requireAuthentication } from '@/lib/accounts/authenticate'
import { isEqualTimingSafe } from '@/lib/accounts/timing-safe-equal'
import { config } from '@/lib/config/config'
import { db } from '@/lib/database/db'
import { AppError } from '@/lib/errors'
import { collectQueueMetrics } from '@/lib/queues/metrics'

export const dynamic = 'force-dynamic'

/** Prometheus metrics, for METRICS_TOKEN or an administrator. */
export const GET = (request: Request) =>
  withProblemDetails(async () => {
    await requireMetricsAccess(request.headers)
    const registry = Registry.merge([processMetrics(), await collectQueueMetrics(db())])
    return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } })
  })

async function requireMetricsAccess(headers: Headers) {
  const { METRICS_TOKEN } = config()
  const authorization = headers.get('authorization') ?? ''
  if (METRICS_TOKEN && isEqualTimingSafe(authorization, `Bearer ${METRICS_TOKEN}`)) return
  const { isAdmin } = await requireAuthentication(headers)
  if (isAdmin) return
  const message = 'Metrics require METRICS_TOKEN or an administrator.'
  throw new AppError({ code: 'account.not_allowed', message, status: 403 })
}

// On globalThis because Next.js may evaluate this module more than once per process.
const processGlobal = globalThis as typeof globalThis & { meanwhileMetrics?: Registry }

function processMetrics() {
  if (processGlobal.meanwhileMetrics) return processGlobal.meanwhileMetrics
  processGlobal.meanwhileMetrics = new Registry()
  collectDefaultMetrics({ register: processGlobal.meanwhileMetrics })
  return processGlobal.meanwhileMetrics
}

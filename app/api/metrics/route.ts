import * as messages from '@/lib/generated/messages/http-errors'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { withProblemDetails } from '@/app/http/problem-details'
import { requireAuthentication } from '@/lib/accounts/authenticate'
import { isEqualTimingSafe } from '@/lib/accounts/timing-safe-equal'
import { processSingleton } from '@/lib/concurrency/process-singleton'
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
  const { isAdmin } = await requireAuthentication(headers, 'admin')
  if (isAdmin) return
  const message = messages.metricsRefused()
  throw new AppError({ code: 'account.not_allowed', message, status: 403 })
}

const processRegistry = processSingleton<Registry>('process metrics')

function processMetrics() {
  if (processRegistry.current) return processRegistry.current
  processRegistry.current = new Registry()
  collectDefaultMetrics({ register: processRegistry.current })
  return processRegistry.current
}

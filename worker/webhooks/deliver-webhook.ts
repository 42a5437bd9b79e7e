import type { PgBoss } from 'pg-boss'
import { Webhook } from 'standardwebhooks'
import type { Db, Tx } from '@/lib/database/db'
import { PermanentError, RetryLater } from '@/lib/errors'
import type { WebhookDelivery, WebhookEndpoint } from '@/lib/generated/prisma/client'
import { parseWebhookUrl } from '@/lib/webhooks/url-policy'
import { TEST_EVENT } from '@/lib/webhooks/schema'
import { deliverWebhookTask } from '@/lib/webhooks/tasks'
import { disableEndpoint } from '@/lib/webhooks/disable-endpoint'
import { decryptSecret } from '@/lib/webhooks/secret'
import type { TaskRun, TaskHandler } from '../runtime/handler'
import { connectionErrorMessage, statusMessage } from './failure-messages'
import { postWebhook } from './post-webhook'
import { DISABLE_AFTER_MS, parseRetryAfter, retryDelayMs } from './retry-schedule'

const HTTP_GONE = 410

type DeliveryWithEndpoint = WebhookDelivery & { endpoint: WebhookEndpoint }
interface AttemptResult {
  status?: number
  latencyMs: number
  error?: string
  responseHead?: string
  retryAfterMs?: number
  /** It will be the same whenever it is tried. */
  isFinal?: boolean
}

/**
 * Posts one event. It may be posted twice when a worker dies before it has said so: the webhook-id is the same.
 * The attempts and the waits between them are the delivery's, so they last for days and do not count as the task's.
 */
export const deliverWebhook: TaskHandler<typeof deliverWebhookTask> = {
  kind: deliverWebhookTask,
  async run(run) {
    const delivery = await run.context.db.webhookDelivery.findUnique({
      where: { id: run.payload.deliveryId },
      include: { endpoint: true },
    })
    // Deleted meanwhile, with its endpoint or by its age.
    if (!delivery) return { result: { skipped: 'gone' } }
    const { id, endpoint } = delivery
    if (!endpoint.isEnabled && delivery.type !== TEST_EVENT) {
      const skip = (tx: Tx) => tx.webhookDelivery.update({ where: { id }, data: { state: 'skipped' } })
      return { result: { skipped: 'disabled' }, store: async (tx) => void (await skip(tx)) }
    }
    const attempt = await serializeIfFailing(run.context.db, endpoint, () => attemptDelivery(run, delivery))
    if (!attempt.error)
      return {
        result: { status: attempt.status },
        store: async (tx) => {
          await recordAttempt(tx, delivery, attempt, { state: 'delivered', nextAttemptAt: null })
          await tx.webhookEndpoint.updateMany({
            where: { id: endpoint.id, failingSince: { not: null } },
            data: { failingSince: null },
          })
        },
      }
    const delayMs = nextDelayMs(delivery, attempt)
    await run.write((tx) => recordFailure(tx, run.context.boss, { delivery, attempt, delayMs }))
    run.log.warn({ endpointId: endpoint.id, status: attempt.status }, attempt.error)
    if (delayMs !== null) throw new RetryLater(delayMs, attempt.error)
    throw new PermanentError({ code: 'webhook.not_delivered', message: attempt.error })
  },
}

/** Endpoints that do not answer as they should, and are being tried. */
const endpointsInProgress = new Set<string>()
const RECHECK_MS = 20_000
const MAX_RECHECK_MS = 10 * 60_000
/** So many deliveries to one endpoint look every `NEXT_TURN_MS` whether it is their turn; more look less often. */
const RECHECKING_AT_FULL_RATE = 50

/** An endpoint that fails holds one slot of this worker, not all of them for the length of their timeouts. */
async function serializeIfFailing<T>(db: Db, { id, failingSince }: WebhookEndpoint, work: () => Promise<T>) {
  if (!failingSince) return work()
  if (endpointsInProgress.has(id)) {
    const waiting = await db.webhookDelivery.count({ where: { endpointId: id, state: 'waiting' } })
    throw new RetryLater(recheckDelayMs(waiting), 'another delivery to this endpoint goes first')
  }
  endpointsInProgress.add(id)
  return work().finally(() => endpointsInProgress.delete(id))
}

/** Until one of `waiting` deliveries looks again, in milliseconds. */
export const recheckDelayMs = (waiting: number) =>
  Math.min(MAX_RECHECK_MS, RECHECK_MS * Math.max(1, waiting / RECHECKING_AT_FULL_RATE)) *
  (1 + Math.random() / 2)

async function attemptDelivery(
  run: TaskRun<unknown>,
  delivery: DeliveryWithEndpoint,
): Promise<AttemptResult> {
  const headers = await signDelivery(delivery)
  const startedAt = performance.now()
  const latency = () => Math.round(performance.now() - startedAt)
  try {
    const { url } = delivery.endpoint
    const answer = await postWebhook({ url, body: delivery.body, headers, signal: run.signal })
    const { status, responseHead } = answer
    const isTaken = status >= 200 && status < 300
    return {
      status,
      responseHead,
      latencyMs: latency(),
      retryAfterMs: parseRetryAfter(answer.retryAfter),
      error: isTaken ? undefined : statusMessage(status),
      isFinal: status === HTTP_GONE,
    }
  } catch (error) {
    run.signal.throwIfAborted()
    // An address that is refused as it is written stays so; what its name stands for may be another a moment later.
    return {
      latencyMs: latency(),
      error: connectionErrorMessage(error),
      isFinal: isUrlForbidden(delivery.endpoint.url),
    }
  }
}

function isUrlForbidden(url: string) {
  try {
    parseWebhookUrl(url)
    return false
  } catch {
    return true
  }
}

async function signDelivery({ id, body, endpoint }: DeliveryWithEndpoint) {
  const now = new Date()
  const former = endpoint.formerSecretUntil && endpoint.formerSecretUntil > now ? endpoint.formerSecret : null
  const sealed = [endpoint.secret, ...(former ? [former] : [])]
  const secrets = await Promise.all(sealed.map(decryptSecret))
  return {
    'content-type': 'application/json',
    'user-agent': 'Meanwhile-Webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
  }
}

/** A test is made once: somebody looks at what it comes to. */
function nextDelayMs({ type, attempts }: DeliveryWithEndpoint, { isFinal, retryAfterMs }: AttemptResult) {
  if (isFinal || type === TEST_EVENT) return null
  return retryDelayMs({ attempts: attempts + 1, retryAfterMs })
}

interface FailedAttempt {
  delivery: DeliveryWithEndpoint
  attempt: AttemptResult
  /** Until the next attempt; null where there is none. */
  delayMs: number | null
}

async function recordFailure(tx: Tx, boss: PgBoss, { delivery, attempt, delayMs }: FailedAttempt) {
  const nextAttemptAt = delayMs === null ? null : new Date(Date.now() + delayMs)
  await recordAttempt(tx, delivery, attempt, {
    state: delayMs === null ? 'failed' : 'waiting',
    nextAttemptAt,
  })
  if (delivery.type === TEST_EVENT) return
  const { id, url } = delivery.endpoint
  // As it is now: while this was on its way it may have got another address, or taken something else.
  await tx.$queryRaw`SELECT 1 FROM webhook_endpoint WHERE id = ${id}::uuid FOR UPDATE`
  const endpoint = await tx.webhookEndpoint.findUnique({ where: { id, url, isEnabled: true } })
  if (!endpoint) return
  const failingSince = endpoint.failingSince ?? new Date()
  await tx.webhookEndpoint.update({ where: { id }, data: { failingSince } })
  const reason = findDisableReason(attempt, failingSince)
  if (reason) await disableEndpoint(tx, boss, { endpoint, reason })
}

function findDisableReason({ status, error }: AttemptResult, since: Date) {
  if (status === HTTP_GONE) return 'It answered 410 Gone: whoever is there wants no more of this.'
  if (Date.now() - since.getTime() >= DISABLE_AFTER_MS)
    return `Nothing got through for three days. Last: ${error}`
  return null
}

async function recordAttempt(
  tx: Tx,
  { id }: DeliveryWithEndpoint,
  { status, latencyMs, error, responseHead }: AttemptResult,
  state: { state: WebhookDelivery['state']; nextAttemptAt: Date | null },
) {
  await tx.webhookAttempt.create({ data: { deliveryId: id, status, latencyMs, error, responseHead } })
  await tx.webhookDelivery.update({ where: { id }, data: { ...state, attempts: { increment: 1 } } })
}

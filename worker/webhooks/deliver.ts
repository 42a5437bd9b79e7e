import type { PgBoss } from 'pg-boss'
import { Webhook } from 'standardwebhooks'
import type { Db, Tx } from '@/lib/db'
import { PermanentError, RetryLater } from '@/lib/errors'
import type { WebhookDelivery, WebhookEndpoint } from '@/lib/generated/prisma/client'
import { checkWebhookUrl } from '@/lib/webhooks/addresses'
import { TEST_EVENT } from '@/lib/webhooks/contract'
import { deliverWebhook } from '@/lib/webhooks/kinds'
import { turnOff } from '@/lib/webhooks/turn-off'
import { openSecret } from '@/lib/webhooks/secret'
import type { Run, TaskHandler } from '../handler'
import { errorWords, statusWords } from './failure-words'
import { post } from './post'
import { GIVE_UP_AFTER_MS, parseRetryAfter, retryDelayMs } from './retry-schedule'

const GONE = 410

type Delivery = WebhookDelivery & { endpoint: WebhookEndpoint }
interface Attempt {
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
export const deliver: TaskHandler<typeof deliverWebhook> = {
  kind: deliverWebhook,
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
    const attempt = await inTurn(run.context.db, endpoint, () => tryOnce(run, delivery))
    if (!attempt.error)
      return {
        result: { status: attempt.status },
        store: async (tx) => {
          await note(tx, delivery, attempt, { state: 'delivered', nextAttemptAt: null })
          await tx.webhookEndpoint.updateMany({
            where: { id: endpoint.id, failingSince: { not: null } },
            data: { failingSince: null },
          })
        },
      }
    const delayMs = nextDelayMs(delivery, attempt)
    await run.write((tx) => noteFailure(tx, run.context.boss, { delivery, attempt, delayMs }))
    run.log.warn({ endpointId: endpoint.id, status: attempt.status }, attempt.error)
    if (delayMs !== null) throw new RetryLater(delayMs, attempt.error)
    throw new PermanentError({ code: 'webhook.not_delivered', message: attempt.error })
  },
}

/** Endpoints that do not answer as they should, and are being tried. */
const beingTried = new Set<string>()
const NEXT_TURN_MS = 20_000
const NEXT_TURN_MAX_MS = 10 * 60_000
/** So many deliveries to one endpoint look every `NEXT_TURN_MS` whether it is their turn; more look less often. */
const LOOKING = 50

/** An endpoint that fails holds one slot of this worker, not all of them for the length of their timeouts. */
async function inTurn<T>(db: Db, { id, failingSince }: WebhookEndpoint, work: () => Promise<T>) {
  if (!failingSince) return work()
  if (beingTried.has(id)) {
    const waiting = await db.webhookDelivery.count({ where: { endpointId: id, state: 'waiting' } })
    throw new RetryLater(nextTurnMs(waiting), 'another delivery to this endpoint goes first')
  }
  beingTried.add(id)
  return work().finally(() => beingTried.delete(id))
}

/** Until one of `waiting` deliveries looks again, in milliseconds. */
export const nextTurnMs = (waiting: number) =>
  Math.min(NEXT_TURN_MAX_MS, NEXT_TURN_MS * Math.max(1, waiting / LOOKING)) * (1 + Math.random() / 2)

async function tryOnce(run: Run<unknown>, delivery: Delivery): Promise<Attempt> {
  const headers = await sign(delivery)
  const startedAt = performance.now()
  const latency = () => Math.round(performance.now() - startedAt)
  try {
    const { url } = delivery.endpoint
    const answer = await post({ url, body: delivery.body, headers, signal: run.signal })
    const { status, responseHead } = answer
    const isTaken = status >= 200 && status < 300
    return {
      status,
      responseHead,
      latencyMs: latency(),
      retryAfterMs: parseRetryAfter(answer.retryAfter),
      error: isTaken ? undefined : statusWords(status),
      isFinal: status === GONE,
    }
  } catch (error) {
    run.signal.throwIfAborted()
    // An address that is refused as it is written stays so; what its name stands for may be another a moment later.
    return { latencyMs: latency(), error: errorWords(error), isFinal: isNeverAllowed(delivery.endpoint.url) }
  }
}

function isNeverAllowed(url: string) {
  try {
    checkWebhookUrl(url)
    return false
  } catch {
    return true
  }
}

async function sign({ id, body, endpoint }: Delivery) {
  const now = new Date()
  const former = endpoint.formerSecretUntil && endpoint.formerSecretUntil > now ? endpoint.formerSecret : null
  const sealed = [endpoint.secret, ...(former ? [former] : [])]
  const secrets = await Promise.all(sealed.map(openSecret))
  return {
    'content-type': 'application/json',
    'user-agent': 'Meanwhile-Webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
  }
}

/** A test is made once: somebody looks at what it comes to. */
function nextDelayMs({ type, attempts }: Delivery, { isFinal, retryAfterMs }: Attempt) {
  if (isFinal || type === TEST_EVENT) return null
  return retryDelayMs({ attempts: attempts + 1, retryAfterMs })
}

interface Failure {
  delivery: Delivery
  attempt: Attempt
  /** Until the next attempt; null where there is none. */
  delayMs: number | null
}

async function noteFailure(tx: Tx, boss: PgBoss, { delivery, attempt, delayMs }: Failure) {
  const nextAttemptAt = delayMs === null ? null : new Date(Date.now() + delayMs)
  await note(tx, delivery, attempt, { state: delayMs === null ? 'failed' : 'waiting', nextAttemptAt })
  if (delivery.type === TEST_EVENT) return
  const { id, url } = delivery.endpoint
  // As it is now: while this was on its way it may have got another address, or taken something else.
  await tx.$queryRaw`SELECT 1 FROM webhook_endpoint WHERE id = ${id}::uuid FOR UPDATE`
  const endpoint = await tx.webhookEndpoint.findUnique({ where: { id, url, isEnabled: true } })
  if (!endpoint) return
  const failingSince = endpoint.failingSince ?? new Date()
  await tx.webhookEndpoint.update({ where: { id }, data: { failingSince } })
  const reason = whyDisabled(attempt, failingSince)
  if (reason) await turnOff(tx, boss, { endpoint, reason })
}

function whyDisabled({ status, error }: Attempt, since: Date) {
  if (status === GONE) return 'It answered 410 Gone: whoever is there wants no more of this.'
  if (Date.now() - since.getTime() >= GIVE_UP_AFTER_MS)
    return `Nothing got through for three days. Last: ${error}`
  return null
}

async function note(
  tx: Tx,
  { id }: Delivery,
  { status, latencyMs, error, responseHead }: Attempt,
  state: { state: WebhookDelivery['state']; nextAttemptAt: Date | null },
) {
  await tx.webhookAttempt.create({ data: { deliveryId: id, status, latencyMs, error, responseHead } })
  await tx.webhookDelivery.update({ where: { id }, data: { ...state, attempts: { increment: 1 } } })
}

import * as messages from '@/lib/generated/messages/push-errors'
import { createHash } from 'node:crypto'
import type { AuthenticatedUser } from '../accounts/authenticate'
import { lockUser } from '../accounts/lock-user'
import type { Db, Tx } from '../database/db'
import { AppError, notFound } from '../errors'
import { bareHostname } from '../http/outbound-url'
import { spendRateLimit } from '../rate-limits/spend-rate-limit'
import { getSubscription } from './queries'
import type { SubscriptionInput } from './schema'
import { decryptSubscription, encryptSubscription } from './secret'
import { parsePushEndpoint } from './service-policy'

const MAX_SUBSCRIPTIONS_PER_MINUTE = 20
/** Of a user: each notification is sent to all of them. The oldest ones are removed. */
const MAX_SUBSCRIPTIONS = 20

/**
 * Subscribes the browser of a session, which has one subscription: it replaces an earlier one. The subscription ends with
 * its session.
 * @throws {AppError} push.session_required, push.endpoint_refused, push.endpoint_taken, rate.limited
 */
export async function subscribe(db: Db, user: AuthenticatedUser, input: SubscriptionInput) {
  const { id: ownerId, sessionId } = user
  if (!sessionId) throw sessionRequiredError()
  await spendRateLimit(db, { ownerId, action: 'push.subscribe', perMinute: MAX_SUBSCRIPTIONS_PER_MINUTE })
  const { endpoint } = input
  const service = bareHostname(parsePushEndpoint(endpoint))
  const endpointHash = createHash('sha256').update(endpoint).digest('hex')
  const secret = await encryptSubscription(input)
  const id = await db.$transaction(async (tx) => {
    await lockUser(tx, ownerId)
    await releaseEndpoint(tx, { endpointHash, input })
    await tx.pushSubscription.deleteMany({ where: { sessionId } })
    const data = { ownerId, sessionId, endpointHash, service, secret }
    const created = await tx.pushSubscription.create({ data })
    await removeExcess(tx, ownerId)
    return created.id
  })
  return getSubscription(db, { id, user })
}

/**
 * Removes an earlier subscription of the same browser, as that of another user who has not signed out. Its keys prove that
 * the client is this browser: a client that only knows the endpoint must not end the notifications of another user.
 */
async function releaseEndpoint(
  tx: Tx,
  { endpointHash, input }: { endpointHash: string; input: SubscriptionInput },
) {
  const earlier = await tx.pushSubscription.findUnique({ where: { endpointHash } })
  if (!earlier) return
  const keys = (await decryptSubscription(earlier))?.keys
  if (keys && (keys.auth !== input.keys.auth || keys.p256dh !== input.keys.p256dh)) throw endpointTakenError()
  await tx.pushSubscription.deleteMany({ where: { id: earlier.id } })
}

async function removeExcess(tx: Tx, ownerId: string) {
  const excess = await tx.pushSubscription.findMany({
    where: { ownerId },
    orderBy: { id: 'desc' },
    skip: MAX_SUBSCRIPTIONS,
    select: { id: true },
  })
  await tx.pushSubscription.deleteMany({ where: { id: { in: excess.map(({ id }) => id) } } })
}

/** @throws {AppError} subscription.not_found, also for one of another user */
export async function unsubscribe(db: Db, { id, ownerId }: { id: string; ownerId: string }) {
  const { count } = await db.pushSubscription.deleteMany({ where: { id, ownerId } })
  if (count === 0) throw notFound('subscription')
}

const sessionRequiredError = () =>
  new AppError({
    code: 'push.session_required',
    message: messages.sessionRequired(),
    status: 403,
  })

const endpointTakenError = () =>
  new AppError({
    code: 'push.endpoint_taken',
    message: messages.endpointTaken(),
    status: 409,
  })

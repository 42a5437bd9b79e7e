import { databaseTimeMs } from '@/lib/cluster/database-clock'
import type { EndedPush } from '@/lib/generated/prisma/client'
import { decryptSubscription } from '@/lib/push/secret'
import { PUSH_LIFETIME_SECONDS } from '@/lib/push/tasks'
import type { WorkerContext } from '../context'
import { postPush } from './post-push'

const BATCH_SIZE = 16
/** For one message. */
const TIMEOUT_MS = 10_000

/**
 * Lets browsers whose session has ended close the notifications that they still show, and ends sessions that have expired
 * with a subscription. What the push service does not take is tried again by the next run, for a day.
 * @returns the number of messages that were sent
 */
export async function closeNotifications({ db }: Pick<WorkerContext, 'db'>) {
  const now = databaseTimeMs()
  await db.session.deleteMany({
    where: { expiresAt: { lt: new Date(now) }, pushSubscription: { isNot: null } },
  })
  const expired = new Date(now - PUSH_LIFETIME_SECONDS * 1000)
  await db.endedPush.deleteMany({ where: { endedAt: { lt: expired } } })
  let count = 0
  for (let last = ''; ;) {
    const rows = await db.endedPush.findMany({
      where: last ? { id: { gt: last } } : {},
      orderBy: { id: 'asc' },
      take: BATCH_SIZE,
    })
    const settled = await Promise.all(rows.map((row) => settleEnded({ db }, row)))
    count += settled.filter((isSent) => isSent).length
    if (rows.length < BATCH_SIZE) return count
    last = rows.at(-1)!.id
  }
}

/** @returns whether a message was sent */
async function settleEnded({ db }: Pick<WorkerContext, 'db'>, row: EndedPush) {
  const status = (await isSubscribedAgain(db, row)) ? null : await postEnd(row)
  if (status === 'retry') return false
  await db.endedPush.deleteMany({ where: { id: row.id } })
  return status === 'sent'
}

/** After a change of the password, which replaces the session, the same user still uses the browser. */
const isSubscribedAgain = async (db: WorkerContext['db'], { endpointHash, ownerId }: EndedPush) =>
  (await db.pushSubscription.count({ where: { endpointHash, ownerId } })) > 0

async function postEnd(row: EndedPush) {
  const subscription = await decryptSubscription(row)
  if (!subscription) return 'refused'
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const payload = { endedSubscriptionId: row.id }
  try {
    const { status } = await postPush({ subscription, payload, topic: row.id.replaceAll('-', ''), signal })
    if (status >= 200 && status < 300) return 'sent'
    return status === 429 || status >= 500 ? 'retry' : 'refused'
  } catch (error) {
    // The service is away, or PUSH_SERVICES has changed.
    return (error as { code?: string }).code === 'push.endpoint_refused' ? 'refused' : 'retry'
  }
}

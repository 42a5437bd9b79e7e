import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import { enqueueTasks } from '../tasks/enqueue'
import { findActiveSubscriptionIds } from './queries'
import { deliverPushTask } from './tasks'

/** Enqueues a notification for all subscribed browsers of its owner, in the transaction that writes it. */
export async function queuePushes(
  tx: Tx,
  boss: PgBoss,
  { ownerId, notificationId }: { ownerId: string; notificationId: string },
) {
  const subscriptionIds = await findActiveSubscriptionIds(tx, ownerId)
  await enqueueTasks(tx, boss, {
    kind: deliverPushTask,
    tasks: subscriptionIds.map((subscriptionId) => ({
      ownerId,
      payload: { notificationId, subscriptionId },
    })),
  })
}

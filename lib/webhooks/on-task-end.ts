import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import type { Task } from '../generated/prisma/client'
import { isInternalKind } from '../tasks/registry'
import { toTaskDtos } from '../tasks/to-task-dto'
import { createDelivery } from './delivery-commands'
import { deliverWebhookTask } from './tasks'

/**
 * Creates a delivery for every endpoint that subscribes to the end of this task. Internal tasks are never published:
 * otherwise each finished delivery would cause another one.
 */
export async function dispatchTaskEvent(tx: Tx, boss: PgBoss, task: Task) {
  if (task.kind === deliverWebhookTask.name) await settleFailedDelivery(tx, task)
  if (isInternalKind(task.kind)) return
  const enabled = await tx.webhookEndpoint.findMany({
    where: {
      ownerId: task.ownerId,
      isEnabled: true,
      owner: { canUseWebhooks: true, disabledAt: null },
    },
  })
  const type = `task.${task.state}`
  const subscribed = enabled.filter(
    ({ events, kinds }) => isSelected(type, events) && isSelected(task.kind, kinds),
  )
  if (subscribed.length === 0) return
  const [dto] = await toTaskDtos(tx, [task])
  for (const endpoint of subscribed)
    await createDelivery(tx, boss, {
      endpoint,
      type,
      at: task.finishedAt ?? new Date(),
      data: { task: dto },
    })
}

/** An empty selection includes everything. */
const isSelected = (value: string, selection: readonly string[]) =>
  selection.length === 0 || selection.includes(value)

/** Ends a delivery whose task was canceled, or failed without a recorded attempt, as after crashes of its workers. */
async function settleFailedDelivery(tx: Tx, task: Task) {
  const { deliveryId } = deliverWebhookTask.payload.parse(task.payload)
  await tx.webhookDelivery.updateMany({
    where: { id: deliveryId, state: 'waiting' },
    data: { state: 'failed', nextAttemptAt: null },
  })
}

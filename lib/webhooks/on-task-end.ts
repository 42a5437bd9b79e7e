import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import type { Task } from '../generated/prisma/client'
import { isInternalKind } from '../tasks/registry'
import { toTaskDtos } from '../tasks/to-task-dto'
import { settleFailedDelivery, createDelivery } from './deliveries'
import { deliverWebhookTask } from './tasks'

/**
 * Writes what the endpoints of a task's owner are to be told of its end. The app's own work is told to
 * nobody: a delivery that ended would be followed by another one.
 */
export async function dispatchTaskEvent(tx: Tx, boss: PgBoss, task: Task) {
  if (task.kind === deliverWebhookTask.name) await settleFailedDelivery(tx, task)
  if (isInternalKind(task.kind)) return
  const enabled = await tx.webhookEndpoint.findMany({ where: { ownerId: task.ownerId, isEnabled: true } })
  const type = `task.${task.state}`
  const asked = enabled.filter(
    ({ events, kinds }) => isSelected(type, events) && isSelected(task.kind, kinds),
  )
  if (asked.length === 0) return
  const [dto] = await toTaskDtos(tx, [task])
  for (const endpoint of asked)
    await createDelivery(tx, boss, {
      endpoint,
      type,
      at: task.finishedAt ?? new Date(),
      data: { task: dto },
    })
}

/** None chosen is all of them. */
const isSelected = (one: string, chosen: readonly string[]) => chosen.length === 0 || chosen.includes(one)

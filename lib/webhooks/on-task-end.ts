import type { PgBoss } from 'pg-boss'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Tx } from '../database/db'
import type { Task, WebhookEndpoint } from '../generated/prisma/client'
import { DEFAULT_LOCALE } from '../i18n/locale'
import { runWithLocale } from '../i18n/run-with-locale'
import { isInternalKind, type TaskEndListener } from '../tasks/registry'
import { toTaskDtos } from '../tasks/to-task-dto'
import { createDelivery } from './delivery-commands'
import { deliverWebhookTask } from './tasks'

/**
 * Creates a delivery for every endpoint that subscribes to the end of a task. Internal tasks are never published:
 * otherwise each finished delivery would cause another one.
 */
export const dispatchTaskEvents: TaskEndListener = {
  concerns: ({ kind }) => kind === deliverWebhookTask.name || !isInternalKind(kind),
  isBatchable: true,
  async onEnd(tx, boss, tasks) {
    for (const task of tasks) if (task.kind === deliverWebhookTask.name) await settleFailedDelivery(tx, task)
    const published = tasks.filter(({ kind }) => !isInternalKind(kind))
    if (published.length === 0) return
    const endpoints = await tx.webhookEndpoint.findMany({
      where: {
        ownerId: { in: published.map(({ ownerId }) => ownerId) },
        isEnabled: true,
        owner: { canUseWebhooks: true, disabledAt: null },
      },
    })
    for (const task of published) await publishEnd(tx, boss, { task, endpoints })
  },
}

async function publishEnd(
  tx: Tx,
  boss: PgBoss,
  { task, endpoints }: { task: Task; endpoints: readonly WebhookEndpoint[] },
) {
  const type = `task.${task.state}`
  const subscribed = endpoints.filter(
    ({ ownerId, events, kinds }) =>
      ownerId === task.ownerId && isSelected(type, events) && isSelected(task.kind, kinds),
  )
  if (subscribed.length === 0) return
  // Programs read it.
  const [dto] = await runWithLocale(DEFAULT_LOCALE, () => toTaskDtos(tx, [task]))
  for (const endpoint of subscribed)
    await createDelivery(tx, boss, {
      endpoint,
      type,
      at: task.finishedAt ?? new Date(databaseTimeMs()),
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

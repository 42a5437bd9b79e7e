import { settleArchive } from './archives/on-task-end'
import { settleCaption } from './captions/on-task-end'
import { settleImport } from './imports/on-task-end'
import { notifyOnTaskEnd } from './notifications/on-task-end'
import { settleRedriveTrial } from './queues/settle-redrive-trial'
import type { TaskEndListener } from './tasks/registry'
import { settleRenditions, settleReplacement } from './videos/on-task-end'
import { dispatchTaskEvents } from './webhooks/on-task-end'

/** Every task-end listener, in order: mail and webhooks see what the others wrote. */
export const taskEndListeners: readonly TaskEndListener[] = [
  settleRedriveTrial,
  settleCaption,
  settleImport,
  settleArchive,
  settleRenditions,
  settleReplacement,
  notifyOnTaskEnd,
  dispatchTaskEvents,
]

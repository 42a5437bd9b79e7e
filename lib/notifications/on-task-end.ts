import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import type { Task } from '../generated/prisma/client'
import { settleFailedMail } from '../mail/settle-failed-mail'
import { mailKinds } from '../mail/tasks'
import type { TaskEndListener } from '../tasks/registry'
import { readStoredError } from '../tasks/stored-error'
import { describeSubject } from './describe-subject'
import { notifyUser } from './notify-user'
import { notificationRules } from './rules'

const mailKindNames = new Set<string>(mailKinds.map((kind) => kind.name))

/** Notifies the owner of a finished task. For a failed mail task, settles the ledger instead. */
export const notifyOnTaskEnd: TaskEndListener = {
  concerns: (task) => (mailKindNames.has(task.kind) ? task.state !== 'done' : findEvent(task) !== null),
  async onEnd(tx, boss, tasks) {
    for (const task of tasks)
      await (mailKindNames.has(task.kind) ? settleFailedMail(tx, task) : notifyOwner(tx, boss, task))
  },
}

/** The event that the end of a task is to its owner; null if it causes no notification. */
function findEvent({ kind, state, result }: Task) {
  const rule = notificationRules[kind]
  const event = state === 'done' || state === 'failed' ? rule?.[state] : null
  return state === 'done' && rule?.shouldNotify?.(result) === false ? null : (event ?? null)
}

async function notifyOwner(tx: Tx, boss: PgBoss, task: Task) {
  const event = findEvent(task)
  const subject = event && (await describeSubject(tx, task))
  if (!subject) return
  await notifyUser(tx, boss, {
    ownerId: task.ownerId,
    event,
    // Another failure after a retry is another event.
    eventKey: `${event}/${task.id}${task.state === 'failed' ? `/${task.version}` : ''}`,
    ...subject,
    detail: readStoredError(task.error)?.message ?? subject.detail,
  })
}

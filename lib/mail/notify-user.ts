import { databaseTimeMs } from '../cluster/database-clock'
import type { PgBoss } from 'pg-boss'
import { config } from '../config/config'
import type { Tx } from '../database/db'
import type { MailNote, Task } from '../generated/prisma/client'
import { machineSubject } from '../machines/task-subject'
import type { TaskError } from '../tasks/schema'
import type { TaskEndListener } from '../tasks/registry'
import { videoSubject } from '../videos/task-subject'
import type { ContentOf } from './content'
import type { MailEvent } from './event-names'
import { notificationRules } from './notification-rules'
import { settleFailedMail } from './settle-failed-mail'
import { mailKinds } from './tasks'
import { queueMail } from './queue-mail'
import { readNotificationSettings } from './notification-settings'

/** Mails sent individually within the window; further events are collected in a digest. */
const MAX_IMMEDIATE_MAILS = 3
const BURST_WINDOW_MS = 5 * 60_000

const mailKindNames = new Set<string>(mailKinds.map((kind) => kind.name))

/** Mails the owner of a finished task. For a failed mail task, settles the ledger instead. */
export const notifyOnTaskEnd: TaskEndListener = {
  concerns: (task) => (mailKindNames.has(task.kind) ? task.state !== 'done' : findEvent(task) !== null),
  async onEnd(tx, boss, tasks) {
    for (const task of tasks)
      await (mailKindNames.has(task.kind) ? settleFailedMail(tx, task) : mailOwner(tx, boss, task))
  },
}

/** The event that the end of a task is to its owner; null if they get no mail about it. */
function findEvent({ kind, state, result }: Task) {
  const rule = notificationRules[kind]
  const event = state === 'done' || state === 'failed' ? rule?.[state] : null
  return state === 'done' && rule?.shouldNotify?.(result) === false ? null : (event ?? null)
}

async function mailOwner(tx: Tx, boss: PgBoss, task: Task) {
  const event = findEvent(task)
  const subject = event && (await describeSubject(tx, task))
  if (!subject) return
  await notifyUser(tx, boss, {
    ownerId: task.ownerId,
    event,
    // Another failure after a retry is another event.
    eventKey: `${event}/${task.id}${task.state === 'failed' ? `/${task.version}` : ''}`,
    ...subject,
    detail: (task.error as TaskError | null)?.message ?? subject.detail,
  })
}

type UserNotification = Pick<MailNote, 'ownerId' | 'eventKey' | 'title' | 'href' | 'detail'> & {
  event: MailEvent
}

/** Mails the owner at once or in a digest, according to their settings. */
export async function notifyUser(tx: Tx, boss: PgBoss, notification: UserNotification) {
  const { events, gathering } = await readNotificationSettings(tx, notification.ownerId)
  if (!events[notification.event]) return
  const note = await tx.mailNote.create({
    data: { ...notification, createdAt: new Date(databaseTimeMs()) },
  })
  if (gathering === 'soon' && (await isBelowBurstLimit(tx, note))) await queueImmediateMail(tx, boss, note)
}

async function isBelowBurstLimit(tx: Tx, { ownerId, id }: MailNote) {
  const createdAt = { gt: new Date(databaseTimeMs() - BURST_WINDOW_MS) }
  return (await tx.mailNote.count({ where: { ownerId, id: { not: id }, createdAt } })) < MAX_IMMEDIATE_MAILS
}

async function queueImmediateMail(tx: Tx, boss: PgBoss, note: MailNote) {
  const { ownerId, eventKey } = note
  const content = { template: 'outcome', data: toOutcome(note) } as const
  const mailId = await queueMail(tx, boss, { ownerId, eventKey, content })
  await tx.mailNote.update({ where: { id: note.id }, data: { mailId } })
}

/** Converts a note to the data of a template. */
export const toOutcome = (note: MailNote): ContentOf<'outcome'> => ({
  event: note.event as MailEvent,
  title: note.title,
  href: `${config().publicUrl}${note.href}`,
  detail: note.detail,
})

/** Describes the video or machine of a task; null for other tasks and after its deletion. */
async function describeSubject(tx: Tx, { subjectType, subjectId: id }: Task) {
  if (!id) return null
  if (subjectType === videoSubject.type) {
    const video = await tx.video.findUnique({ where: { id } })
    return video && { title: video.title, href: `/videos/${id}`, detail: formatDuration(video) }
  }
  if (subjectType !== machineSubject.type) return null
  const machine = await tx.machine.findUnique({ where: { id } })
  return machine && { title: machine.name, href: `/machines/${id}`, detail: null }
}

/** Formats as 12:04 or 1:02:03. */
function formatDuration({ durationSeconds }: { durationSeconds: number | null }) {
  if (!durationSeconds) return null
  const [hours, ...rest] = [3600, 60, 1].map((unit) => Math.floor(Math.round(durationSeconds) / unit) % 60)
  const [minutes, seconds] = rest.map((part) => String(part).padStart(2, '0'))
  return hours ? `${hours}:${minutes}:${seconds}` : `${Number(minutes)}:${seconds}`
}

import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import { config } from '../config/config'
import type { Tx } from '../database/db'
import { notFound } from '../errors'
import { enqueueTask } from '../tasks/enqueue'
import type { MailContent } from './content'
import { sendMailTask, sendUrgentMailTask } from './tasks'
import { formatSubject } from './subject'

export interface QueueMailOptions {
  ownerId: string
  /** What it is about: the same key again for the same person is no second mail. */
  eventKey: string
  content: MailContent
  /** Somebody sits and waits for it. */
  isUrgent?: boolean
}

/**
 * Writes the mail into the ledger and its task in line, in `tx`: with whatever it tells of, or not at all.
 * @returns its id, or null when this person was mailed about this before
 */
export async function queueMail(tx: Tx, boss: PgBoss, order: QueueMailOptions) {
  const { ownerId, eventKey, content } = order
  const [person] = await tx.$queryRaw<{ recipient: string; bounce: string | null }[]>`
    SELECT lower(email) AS recipient, mail_bounce.response AS bounce FROM "user"
    LEFT JOIN mail_bounce ON address = lower(email) WHERE "user".id = ${ownerId}`
  if (!person) throw notFound('person')
  const { recipient, bounce } = person
  const id = randomUUID()
  const { count } = await tx.mail.createMany({
    data: {
      id,
      ownerId,
      eventKey,
      recipient,
      template: content.template,
      data: content.data,
      subject: formatSubject(content),
      messageId: `<${id}@${new URL(config().publicUrl).hostname}>`,
      state: bounce ? 'suppressed' : 'waiting',
      response: bounce,
    },
    skipDuplicates: true,
  })
  if (count === 0) return null
  if (bounce) return id
  const kind = order.isUrgent ? sendUrgentMailTask : sendMailTask
  const task = await enqueueTask(tx, boss, { kind, payload: { mailId: id }, ownerId })
  await tx.mail.update({ where: { id }, data: { taskId: task.id } })
  return id
}

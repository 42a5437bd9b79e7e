import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import { config } from '../config/config'
import type { Tx } from '../database/db'
import { AppError } from '../errors'
import { enqueueTask } from '../tasks/enqueue'
import type { MailContent } from './content'
import { sendMailTask, sendUrgentMailTask } from './tasks'
import { formatSubject } from './subject'

export interface QueueMailOptions {
  ownerId: string
  /** Identifies the event: a second mail of an owner with the same key is not queued. */
  eventKey: string
  content: MailContent
  /** Default: the address of the owner. */
  recipient?: string
  /** A user is waiting for it, as for a password reset. */
  isUrgent?: boolean
}

/**
 * Writes a mail to the ledger and enqueues its task, in the transaction of the event that it reports. A mail to a
 * blocked address is suppressed.
 * @returns its ID, or null for a duplicate `eventKey`
 * @throws {AppError} person.not_found
 */
export async function queueMail(tx: Tx, boss: PgBoss, options: QueueMailOptions) {
  const { ownerId, eventKey, content } = options
  const [user] = await tx.$queryRaw<{ recipient: string; bounce: string | null }[]>`
    SELECT recipient, mail_bounce.response AS bounce FROM "user"
    CROSS JOIN LATERAL lower(coalesce(${options.recipient ?? null}::text, email)) AS recipient
    LEFT JOIN mail_bounce ON address = recipient WHERE "user".id = ${ownerId}`
  // The code is released.
  if (!user) throw new AppError({ code: 'person.not_found', message: 'User not found.', status: 404 })
  const { recipient, bounce } = user
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
  const kind = options.isUrgent ? sendUrgentMailTask : sendMailTask
  const task = await enqueueTask(tx, boss, { kind, payload: { mailId: id }, ownerId })
  await tx.mail.update({ where: { id }, data: { taskId: task.id } })
  return id
}

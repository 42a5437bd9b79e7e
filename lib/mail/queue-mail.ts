import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import * as messages from '@/lib/generated/messages/mail-errors'
import { config } from '../config/config'
import type { Tx } from '../database/db'
import { querySql, type SqlExecutor } from '../database/direct-query'
import { prepared } from '../database/prepared-statements'
import { uuidV7 } from '../database/uuid-v7'
import { AppError } from '../errors'
import { Prisma } from '../generated/prisma/client'
import { type Locale, toLocale } from '../i18n/locale'
import { runWithLocale } from '../i18n/run-with-locale'
import { enqueueTasks } from '../tasks/enqueue'
import type { MailContent } from './content'
import { sendMailTask, sendUrgentMailTask } from './tasks'
import { formatSubject } from './subject'

export interface QueueMailOptions {
  ownerId: string
  /** Identifies the event: a second mail of an owner with the same key is not queued. */
  eventKey: string
  /** A function creates it in the language of the recipient. */
  content: MailContent | (() => MailContent)
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
  const { ownerId, isUrgent, eventKey, content } = options
  const to = await readMailRecipient(tx, options)
  return (await queueMails(tx, boss, { ownerId, to, isUrgent, mails: [{ eventKey, content }] }))[0]!
}

interface MailRecipient {
  recipient: string
  /** Why the address is blocked, if it is. */
  bounce: string | null
  locale: Locale
}

/** @throws {AppError} person.not_found */
export async function readMailRecipient(
  tx: SqlExecutor,
  { ownerId, recipient: given = null }: { ownerId: string; recipient?: string | null },
): Promise<MailRecipient> {
  const [user] = await querySql<{ recipient: string; bounce: string | null; locale: string | null }>(
    tx,
    Prisma.sql`
      ${prepared} SELECT recipient, mail_bounce.response AS bounce, locale FROM "user"
      CROSS JOIN LATERAL lower(coalesce(${given}::text, email)) AS recipient
      LEFT JOIN mail_bounce ON address = recipient WHERE "user".id = ${ownerId}`,
  )
  // The code is released.
  if (!user) throw new AppError({ code: 'person.not_found', message: messages.userNotFound(), status: 404 })
  return { ...user, locale: toLocale(user.locale) }
}

interface QueueMailsOptions extends Pick<QueueMailOptions, 'ownerId' | 'isUrgent'> {
  to: MailRecipient
  mails: readonly Pick<QueueMailOptions, 'eventKey' | 'content'>[]
  /** Whether no `eventKey` can be a duplicate, which spares a round trip. Default: false. */
  areNew?: boolean
}

/** As `queueMail`, for mails to one recipient, in the order in which they are to be sent. */
export async function queueMails(tx: SqlExecutor, boss: PgBoss, options: QueueMailsOptions) {
  const { ownerId } = options
  const { recipient, bounce, locale } = options.to
  const inLocale = <Result>(work: () => Result) => runWithLocale(locale, work)
  const rows = options.mails.map(({ eventKey, content: given }) => {
    const id = randomUUID()
    const content = typeof given === 'function' ? inLocale(given) : given
    return {
      id,
      ownerId,
      eventKey,
      recipient,
      template: content.template,
      data: content.data,
      subject: inLocale(() => formatSubject(content)),
      messageId: `<${id}@${new URL(config().publicUrl).hostname}>`,
      state: bounce ? 'suppressed' : 'waiting',
      response: bounce,
      taskId: bounce ? null : uuidV7(),
    }
  })
  const adding = insertRows(tx, rows)
  const addedIds = new Set((options.areNew ? rows : await adding).map(({ id }) => id))
  const isAdded = ({ id }: { id: string }) => addedIds.has(id)
  const tasks = bounce ? [] : rows.filter(isAdded)
  const enqueuing = enqueueTasks(tx, boss, {
    kind: options.isUrgent ? sendUrgentMailTask : sendMailTask,
    tasks: tasks.map(({ id: mailId, taskId }) => ({ id: taskId!, payload: { mailId }, ownerId })),
  })
  await Promise.all([adding, enqueuing])
  return rows.map((row) => (isAdded(row) ? row.id : null))
}

/** One statement of which Postgres keeps the plan, however many rows. Leaves out duplicates. */
const insertRows = (tx: SqlExecutor, rows: readonly object[]) =>
  querySql<{ id: string }>(
    tx,
    Prisma.sql`
      ${prepared} INSERT INTO mail (id, "ownerId", "eventKey", recipient, template, data, subject, "messageId", state, response, "taskId")
      SELECT id, "ownerId", "eventKey", recipient, template, data, subject, "messageId", state, response, "taskId"
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS wanted(id uuid, "ownerId" text, "eventKey" text, recipient text,
        template text, data jsonb, subject text, "messageId" text, state "MailState", response text, "taskId" uuid)
      ON CONFLICT DO NOTHING
      RETURNING id`,
  )

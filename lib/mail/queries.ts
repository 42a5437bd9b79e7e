import { z } from 'zod'
import { config } from '../config/config'
import type { Db } from '../database/db'
import { notFound } from '../errors'
import { type Mail, Prisma } from '../generated/prisma/client'
import { MailState } from '../generated/prisma/enums'
import { parseMailContent, privateTemplates } from './content'
import { renderMail } from './render'

const MAX_ROWS = 100

/** The states of mail, and that of mails that were stored here instead of sent, whose rows have the state `sent`. */
export const mailListStates = [...Object.values(MailState), 'stored'] as const
export type MailListState = (typeof mailListStates)[number]

export const mailFilterSchema = z.object({ state: z.enum(mailListStates).optional() })

/** Reads the state of mail for administrators, with the newest 100 mails. */
export async function readMailOverview(db: Db, { state }: z.infer<typeof mailFilterSchema>) {
  const [mails, ambiguous, bounces, counts, pace] = await Promise.all([
    listMails(db, state),
    db.mail.findMany({ where: { state: 'ambiguous' }, orderBy: { createdAt: 'asc' }, take: MAX_ROWS }),
    db.mailBounce.findMany({ orderBy: { at: 'desc' }, take: MAX_ROWS }),
    db.$queryRaw<{ state: MailListState; count: bigint }[]>`
      SELECT ${LIST_STATE} AS state, count(*) FROM mail GROUP BY 1`,
    db.mailPace.findUnique({ where: { id: 1 } }),
  ])
  const messageIds = [...mails, ...ambiguous].map((mail) => mail.messageId)
  const outbox = await db.outboxMail.findMany({
    where: { messageId: { in: messageIds } },
    select: { messageId: true },
  })
  const stored = new Set(outbox.map(({ messageId }) => messageId))
  const toRow = (mail: Mail) => toMailRow(mail, { isStored: stored.has(mail.messageId) })
  const { SMTP_URL, MAIL_FROM, MAIL_RATE_PER_SECOND, MAIL_AMBIGUOUS } = config()
  return {
    server: SMTP_URL ? new URL(SMTP_URL).host : null,
    from: MAIL_FROM,
    ratePerSecond: MAIL_RATE_PER_SECOND,
    policy: MAIL_AMBIGUOUS,
    problem: pace?.downSince ? { since: pace.downSince.toISOString(), message: pace.problem } : null,
    counts: Object.fromEntries(counts.map((row) => [row.state, Number(row.count)])) as Partial<
      Record<MailListState, number>
    >,
    mails: mails.map(toRow),
    ambiguous: ambiguous.map(toRow),
    bounces: bounces.map((bounce) => ({ ...bounce, at: bounce.at.toISOString() })),
  }
}

const LIST_STATE = Prisma.sql`CASE WHEN state = 'sent' AND "messageId" IN (SELECT "messageId" FROM outbox_mail)
  THEN 'stored' ELSE state::text END`

/** The newest mails, of one state if it is given. */
async function listMails(db: Db, state: MailListState | undefined) {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM mail WHERE ${state ? Prisma.sql`${LIST_STATE} = ${state}` : Prisma.sql`true`}
    ORDER BY "createdAt" DESC LIMIT ${MAX_ROWS}`
  return db.mail.findMany({
    where: { id: { in: rows.map(({ id }) => id) } },
    orderBy: { createdAt: 'desc' },
  })
}

export type MailRow = ReturnType<typeof toMailRow>

const toMailRow = (mail: Mail, { isStored }: { isStored: boolean }) => ({
  id: mail.id,
  subject: mail.subject,
  recipient: mail.recipient,
  state: mail.state,
  /** Whether it was stored here instead of sent, because no mail server was configured. */
  isStored,
  response: mail.response,
  attempts: mail.attempts,
  createdAt: mail.createdAt.toISOString(),
  claimedAt: mail.claimedAt?.toISOString() ?? null,
  sentAt: mail.sentAt?.toISOString() ?? null,
})

/**
 * Gets a mail with its content: from the outbox, or rendered again. `rendered` is null if its link authenticates the
 * recipient and it was sent to their mailbox.
 * @throws {AppError} mail.not_found
 */
export async function getMail(db: Db, id: string) {
  const mail = await db.mail.findUnique({ where: { id } })
  if (!mail) throw notFound('mail')
  const stored = await db.outboxMail.findUnique({ where: { messageId: mail.messageId } })
  const isSecret = privateTemplates.includes(mail.template as never)
  const isPrivate = isSecret && (Boolean(config().SMTP_URL) || mail.state === 'sent')
  const rendered =
    stored ??
    (isPrivate ? null : await renderMail(parseMailContent(mail.template, mail.data), config().publicUrl))
  return {
    ...toMailRow(mail, { isStored: stored !== null }),
    messageId: mail.messageId,
    taskId: mail.taskId,
    rendered: rendered && { html: rendered.html, text: rendered.text },
  }
}

import { PermanentError, RetryLater } from '@/lib/errors'
import { toEnglish } from '@/lib/i18n/format-source'
import type { Db } from '@/lib/database/db'
import { queryDirectly } from '@/lib/database/direct-query'
import { prepared } from '@/lib/database/prepared-statements'
import { type Mail, Prisma } from '@/lib/generated/prisma/client'
import { parseMailContent, privateTemplates } from '@/lib/mail/content'
import { mailKinds } from '@/lib/mail/tasks'
import * as messages from '@/lib/generated/messages/mail-errors'
import { defineHandler, type TaskOutcome, type TaskRun } from '../runtime/handler'
import { handleRejection } from './handle-rejection'
import { MailRejected, type OutgoingMail } from './mailer'
import { acquireSendPermit, prefetchSendPermit, resumeSendingSql } from './rate-limit'

type SendMailRun = TaskRun<{ mailId: string }>
type RenderedMail = Pick<OutgoingMail, 'html' | 'text'>

/** Sends a mail. Its ledger row is claimed before and settled afterwards, so that it is sent only once. */
async function sendMail(run: SendMailRun): Promise<TaskOutcome> {
  const { db, config } = run.context
  const mail = await findMail(db, run.payload.mailId)
  // Mails are pruned before their failed tasks.
  if (!mail) throw mailExpired()
  if (mail.state === 'sent' || mail.state === 'suppressed') return {}
  if (mail.state === 'sending' && config.MAIL_AMBIGUOUS === 'ask') throw deliveryUnknown()
  if (mail.bounce !== null) return suppressMail(mail, mail.bounce)
  // React and its components take 40 MB.
  const { renderMail } = await import('@/lib/mail/render')
  const rendered = await renderMail(parseMailContent(mail.template, mail.data), config.publicUrl)
  await acquireSendPermit(db, { ratePerSecond: config.MAIL_RATE_PER_SECOND, signal: run.signal })
  await run.writeTogether(Prisma.sql`
    UPDATE mail SET state = 'sending', "claimedAt" = now(), attempts = attempts + 1 FROM held WHERE id = ${mail.id}::uuid`)
  return submitMail(run, { mail, rendered })
}

type FoundMail = Pick<Mail, 'id' | 'recipient' | 'template' | 'data' | 'subject' | 'messageId' | 'state'> &
  Pick<Mail, 'attempts' | 'createdAt'> & {
    /** Why the address is blocked, if it is. */
    bounce: string | null
  }

async function findMail(db: Db, id: string) {
  const [mail] = await queryDirectly<FoundMail>(
    db,
    Prisma.sql`
      ${prepared} SELECT id, recipient, template, data, subject, "messageId", state, attempts, "createdAt",
        (SELECT mail_bounce.response FROM mail_bounce WHERE address = recipient) AS bounce
      FROM mail WHERE id = ${id}::uuid`,
  )
  return mail
}

/** The row is `sending` until it is settled: if this run ends before, the mail may have been sent. */
async function submitMail(
  run: SendMailRun,
  { mail, rendered }: { mail: FoundMail; rendered: RenderedMail },
): Promise<TaskOutcome> {
  const { config, mailer } = run.context
  if (!mailer) throw new Error('this worker has no mailer')
  try {
    const { messageId, recipient: to, subject } = mail
    const { response } = await mailer.send({ messageId, from: config.MAIL_FROM, to, subject, ...rendered })
    // Authenticating links are stored only in the outbox, where users read their mail.
    const isSecret = mailer.name === 'smtp' && privateTemplates.includes(mail.template as never)
    await settleSentMail(run, { id: mail.id, response, isSecret })
    return { result: { response } }
  } catch (error) {
    if (!(error instanceof MailRejected)) throw error
    run.log.warn({ reason: error.reason, response: toEnglish(error.message) }, 'mail rejected')
    if (error.reason !== 'unknown') return handleRejection(run, { mail, rejection: error })
    if (config.MAIL_AMBIGUOUS === 'ask') throw deliveryUnknown(error)
    throw new RetryLater(config.MAIL_RETRY_SECONDS * 1000, 'delivery unknown; sending again')
  }
}

/** Before the task is done: if it is executed again, it finds that the mail was sent. */
const settleSentMail = (
  run: SendMailRun,
  { id, response, isSecret }: { id: string; response: string; isSecret: boolean },
) =>
  run.writeTogether(
    Prisma.sql`
      UPDATE mail SET state = 'sent', "sentAt" = now(), response = ${response},
        data = CASE WHEN ${isSecret} THEN '{}' ELSE data END
      FROM held WHERE id = ${id}::uuid AND state = 'sending'`,
    resumeSendingSql,
  )

const suppressMail = (mail: Pick<Mail, 'id'>, response: string): TaskOutcome => ({
  result: { isSuppressed: true },
  store: async (tx) =>
    void (await tx.mail.update({ where: { id: mail.id }, data: { state: 'suppressed', response } })),
})

const mailExpired = () =>
  new PermanentError({
    code: 'mail.forgotten',
    message: messages.expired(),
    advice: messages.expiredAdvice(),
  })

const deliveryUnknown = (cause?: MailRejected) =>
  new PermanentError({
    code: 'mail.ambiguous',
    message: cause?.message ?? messages.workerStopped(),
    advice: messages.ambiguousAdvice(),
    cause,
  })

const mailQueues = mailKinds.map(({ name }) => name)

export const sendMailHandlers = mailKinds.map((kind) =>
  defineHandler({
    kind,
    run: sendMail,
    beforeNext: ({ db, config }, signal) =>
      prefetchSendPermit(db, { queues: mailQueues, ratePerSecond: config.MAIL_RATE_PER_SECOND, signal }),
  }),
)

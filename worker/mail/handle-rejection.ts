import { databaseTimeMs } from '@/lib/cluster/database-clock'
import { PermanentError, RetryLater } from '@/lib/errors'
import type { Mail } from '@/lib/generated/prisma/client'
import * as messages from '@/lib/generated/messages/mail-errors'
import type { TaskRun } from '../runtime/handler'
import type { MailRejected } from './mailer'
import { pauseSending } from './rate-limit'

const HOUR_MS = 60 * 60 * 1000
const MAX_RETRY_MS = 72 * HOUR_MS

type RejectedMail = Pick<Mail, 'id' | 'recipient' | 'attempts' | 'createdAt'>

/**
 * Handles a mail that the server has certainly not accepted: returns it to `waiting`, then postpones or fails its task.
 * @throws {RetryLater} or {PermanentError}, always
 */
export async function handleRejection(
  run: TaskRun<{ mailId: string }>,
  { mail, rejection }: { mail: RejectedMail; rejection: MailRejected },
): Promise<never> {
  const { reason, message: response } = rejection
  await run.write(async (tx) => {
    await tx.mail.update({ where: { id: mail.id }, data: { state: 'waiting', response } })
    if (reason === 'recipient')
      await tx.mailBounce.upsert({
        where: { address: mail.recipient },
        create: { address: mail.recipient, response },
        update: { response, at: new Date(databaseTimeMs()) },
      })
  })
  if (reason === 'service')
    throw new RetryLater(await pauseSending(run.context.db, response), 'the mail server accepts no mail')
  const isLate = databaseTimeMs() - mail.createdAt.getTime() > MAX_RETRY_MS
  if (reason === 'later' && !isLate) throw new RetryLater(backoffMs(run, mail), response)
  throw new PermanentError({
    code: `mail.${reason === 'later' ? 'undeliverable' : `${reason}_refused`}`,
    message: messages.serverResponded({ response }),
    advice: {
      recipient: messages.recipientAdvice(),
      later: messages.laterAdvice(),
      message: messages.messageAdvice(),
      unknown: undefined,
    }[reason],
    cause: rejection,
  })
}

/** Exponential, from MAIL_RETRY_SECONDS to one hour. */
const backoffMs = ({ context }: TaskRun<unknown>, { attempts }: RejectedMail) =>
  Math.min(HOUR_MS, context.config.MAIL_RETRY_SECONDS * 1000 * 2 ** Math.min(attempts, 20))

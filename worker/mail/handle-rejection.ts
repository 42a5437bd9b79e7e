import { PermanentError, RetryLater } from '@/lib/errors'
import type { Mail } from '@/lib/generated/prisma/client'
import type { TaskRun } from '../runtime/handler'
import type { MailRejected } from './mailer'
import { pauseSending } from './rate-limit'

const HOUR_MS = 60 * 60 * 1000
const MAX_RETRY_MS = 72 * HOUR_MS

/**
 * A mail that the server surely has not taken goes back to `waiting`: for a better moment, or to fail.
 * @throws {RetryLater} or {PermanentError}, always
 */
export async function handleRejection(
  run: TaskRun<{ mailId: string }>,
  mail: Mail,
  refused: MailRejected,
): Promise<never> {
  const { reason: refusal, message: response } = refused
  await run.write(async (tx) => {
    await tx.mail.update({ where: { id: mail.id }, data: { state: 'waiting', response } })
    if (refusal === 'recipient')
      await tx.mailBounce.upsert({
        where: { address: mail.recipient },
        create: { address: mail.recipient, response },
        update: { response, at: new Date() },
      })
  })
  if (refusal === 'service')
    throw new RetryLater(await pauseSending(run.context.db, response), 'the mail server takes nothing')
  const isLate = Date.now() - mail.createdAt.getTime() > MAX_RETRY_MS
  if (refusal === 'later' && !isLate) throw new RetryLater(backoffMs(run, mail), response)
  throw new PermanentError({
    code: `mail.${refusal === 'later' ? 'undeliverable' : `${refusal}_refused`}`,
    message: `The mail server said: ${response}`,
    advice: {
      recipient: 'This address is not mailed again until an administrator removes it from the list.',
      later: 'It was tried for three days.',
      message: 'Check the sender address (MAIL_FROM) and the rules of the mail server, then try again.',
      unknown: undefined,
    }[refusal],
    cause: refused,
  })
}

/** Doubles with every time it was tried. */
const backoffMs = ({ context }: TaskRun<unknown>, { attempts }: Mail) =>
  Math.min(HOUR_MS, context.config.MAIL_RETRY_SECONDS * 1000 * 2 ** Math.min(attempts, 20))

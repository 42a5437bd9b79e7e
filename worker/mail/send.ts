import { PermanentError, RetryLater } from '@/lib/errors'
import type { Mail } from '@/lib/generated/prisma/client'
import { parseContent, secretTemplates } from '@/lib/mail/content'
import { mailKinds } from '@/lib/mail/kinds'
import { renderMail } from '@/lib/mail/render'
import { handle, type Outcome, type Run } from '../handler'
import { afterRefusal } from './after-refusal'
import { MailRefused } from './mailer'
import { endPause, takeTurn, takeTurnAhead } from './pace'

type SendRun = Run<{ mailId: string }>
type Letter = Awaited<ReturnType<typeof renderMail>>

/** Hands one mail over, once: the ledger row is claimed before and settled after. */
async function send(run: SendRun): Promise<Outcome> {
  const { db, config } = run.context
  const mail = await db.mail.findUnique({ where: { id: run.payload.mailId } })
  // What failed long ago is not kept for ever.
  if (!mail) throw forgotten()
  if (mail.state === 'sent' || mail.state === 'suppressed') return {}
  if (mail.state === 'sending' && config.MAIL_AMBIGUOUS === 'ask') throw ambiguous()
  const bounce = await db.mailBounce.findUnique({ where: { address: mail.recipient } })
  if (bounce) return suppress(mail, bounce.response)
  const letter = await renderMail(parseContent(mail.template, mail.data), config.publicUrl)
  await takeTurn(db, { ratePerSecond: config.MAIL_RATE_PER_SECOND, signal: run.signal })
  await run.write((tx) =>
    tx.mail.update({
      where: { id: mail.id },
      data: { state: 'sending', claimedAt: new Date(), attempts: { increment: 1 } },
    }),
  )
  return handOver(run, mail, letter)
}

/** From here on the row says `sending`: what ends before it says something else may have been sent. */
async function handOver(run: SendRun, mail: Mail, letter: Letter): Promise<Outcome> {
  const { config, mailer } = run.context
  if (!mailer) throw new Error('this worker sends no mail')
  try {
    const { messageId, recipient: to, subject } = mail
    const { response } = await mailer.send({ messageId, from: config.MAIL_FROM, to, subject, ...letter })
    // Links that let their reader in are kept only where people fetch their mail from here.
    const isSecret = mailer.name === 'smtp' && secretTemplates.includes(mail.template as never)
    return {
      result: { response },
      async store(tx) {
        await tx.mail.updateMany({
          where: { id: mail.id, state: 'sending' },
          data: { state: 'sent', sentAt: new Date(), response, ...(isSecret ? { data: {} } : {}) },
        })
        await endPause(tx)
      },
    }
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error
    run.log.warn({ refusal: error.refusal, response: error.message }, 'the mail was not taken')
    if (error.refusal !== 'unknown') return afterRefusal(run, mail, error)
    if (config.MAIL_AMBIGUOUS === 'ask') throw ambiguous(error)
    throw new RetryLater(config.MAIL_RETRY_SECONDS * 1000, 'the mail may have been taken; it is sent again')
  }
}

const suppress = (mail: Mail, response: string): Outcome => ({
  result: { isSuppressed: true },
  store: async (tx) =>
    void (await tx.mail.update({ where: { id: mail.id }, data: { state: 'suppressed', response } })),
})

const forgotten = () =>
  new PermanentError({
    code: 'mail.forgotten',
    message: 'This mail failed so long ago that it is not kept any more.',
    advice: 'Put it away. Whoever still needs it has to ask for it anew.',
  })

const ambiguous = (cause?: MailRefused) =>
  new PermanentError({
    code: 'mail.ambiguous',
    message: cause?.message ?? 'The sender stopped before it could write down whether this mail left.',
    advice: 'It may have arrived. An administrator can say so, or send it again, under This server → Mail.',
    cause,
  })

const queues = mailKinds.map(({ name }) => name)

export const sendHandlers = mailKinds.map((kind) =>
  handle({
    kind,
    run: send,
    beforeNext: ({ db, config }, signal) =>
      takeTurnAhead(db, { queues, ratePerSecond: config.MAIL_RATE_PER_SECOND, signal }),
  }),
)

import type { NodemailerError } from 'nodemailer'
import { MailRejected, type RejectionReason } from './mailer'

/**
 * What a failure to send means for the mail (reply codes: RFC 5321, enhanced ones: RFC 3463).
 * @param isHandedOver whether the last byte of the message had gone to the connection
 */
export function classifyReply(error: NodemailerError, isHandedOver: boolean): MailRejected {
  const code = error.responseCode
  const words = (error.response ?? error.message).replaceAll(/\s+/g, ' ').slice(0, 500)
  const refused = (refusal: RejectionReason, said = words) => new MailRejected(refusal, said, error)
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH')
    return refused('service', `The mail server does not accept the user name or password: ${words}`)
  if (!code) {
    if (isHandedOver) return refused('unknown', `The connection broke before the server answered: ${words}`)
    // Refused by nodemailer before anything was said to a server.
    if (error.code === 'EENVELOPE' || error.code === 'EMESSAGE') return refused('message')
    return refused('service', `The mail server cannot be reached: ${words}`)
  }
  // 421 ends the connection, whatever command it answers.
  if (code === 421 || !isMessageCommand(error)) return refused('service')
  if (code < 500) return refused('later')
  return refused(isRecipientInvalid(error) ? 'recipient' : 'message')
}

const isMessageCommand = ({ command = '' }: NodemailerError) => /^(MAIL FROM|RCPT TO|DATA|API)/.test(command)

/** An address that is wrong or closed; not a full mailbox, nor a rule against this sender. */
function isRecipientInvalid({ command, responseCode, response = '' }: NodemailerError) {
  if (command !== 'RCPT TO') return false
  const enhanced = /^\d{3}[ -](5\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1]
  return enhanced ? /^5\.(1\.|2\.1$)/.test(enhanced) : [550, 551, 553].includes(responseCode ?? 0)
}

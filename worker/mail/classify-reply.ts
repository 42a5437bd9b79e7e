import type { NodemailerError } from 'nodemailer'
import * as messages from '@/lib/generated/messages/mail-errors'
import { MailRejected, type RejectionReason } from './mailer'

/**
 * Classifies a failure to send by its reply code (RFC 5321) and enhanced status code (RFC 3463). `isTransmitted` is
 * whether the whole message was transmitted before.
 */
export function classifyReply(
  error: NodemailerError,
  { isTransmitted }: { isTransmitted: boolean },
): MailRejected {
  const code = error.responseCode
  const response = (error.response ?? error.message).replaceAll(/\s+/g, ' ').slice(0, 500)
  const reject = (reason: RejectionReason, message = response) => new MailRejected(reason, message, error)
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH')
    return reject('service', messages.credentialsRefused({ response }))
  if (!code) {
    if (isTransmitted) return reject('unknown', messages.connectionBroke({ response }))
    // Rejected by nodemailer before it connected.
    if (error.code === 'EENVELOPE' || error.code === 'EMESSAGE') return reject('message')
    return reject('service', messages.serverUnreachable({ response }))
  }
  // 421 closes the connection in response to any command.
  if (code === 421 || !isMessageCommand(error)) return reject('service')
  if (code < 500) return reject('later')
  return reject(isRecipientInvalid(error) ? 'recipient' : 'message')
}

const isMessageCommand = ({ command = '' }: NodemailerError) => /^(MAIL FROM|RCPT TO|DATA|API)/.test(command)

/** Whether the address is unknown or disabled, as opposed to a full mailbox or a policy against this sender. */
function isRecipientInvalid({ command, responseCode, response = '' }: NodemailerError) {
  if (command !== 'RCPT TO') return false
  const enhanced = /^\d{3}[ -](5\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1]
  return enhanced ? /^5\.(1\.|2\.1$)/.test(enhanced) : [550, 551, 553].includes(responseCode ?? 0)
}

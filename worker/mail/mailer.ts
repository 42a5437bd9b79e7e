/** One mail as it goes out. Every header is one line, whatever it holds. */
export interface OutgoingMail {
  messageId: string
  from: string
  to: string
  subject: string
  html: string
  text: string
}

/** Hands mails over to whoever delivers them. */
export interface Mailer {
  readonly name: 'smtp' | 'outbox'
  /** Where mails go, for an administrator; without a password. */
  readonly target: string
  /**
   * Resolves with the words of the server once it is responsible for the mail. Not idempotent in general:
   * the same mail again may arrive again, under the same Message-ID.
   * @throws {MailRefused}
   */
  send(mail: OutgoingMail): Promise<{ response: string }>
  close(): Promise<void>
}

/**
 * Why a mail was not taken:
 * - `recipient`: this address never takes mail
 * - `message`: this mail is never taken
 * - `later`: this mail is not taken now
 * - `service`: no mail is taken now, or none with these credentials
 * - `unknown`: the connection broke after all of it was handed over; it may have been taken
 */
export type RejectionReason = 'recipient' | 'message' | 'later' | 'service' | 'unknown'

export class MailRejected extends Error {
  readonly reason: RejectionReason

  /** @param words those of the server, or what happened, for people */
  constructor(refusal: RejectionReason, words: string, cause?: unknown) {
    super(words, { cause })
    this.name = 'MailRejected'
    this.reason = refusal
  }
}

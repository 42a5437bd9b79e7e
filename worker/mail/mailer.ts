/** A rendered mail. Mailers must not let line breaks in its fields create headers. */
export interface OutgoingMail {
  messageId: string
  from: string
  to: string
  subject: string
  html: string
  text: string
}

/** Submits mails for delivery. Every driver passes `tests/support/contracts/mailer-contract.ts`. */
export interface Mailer {
  readonly name: 'smtp' | 'outbox'
  /** The destination, for display to administrators; without password. */
  readonly target: string
  /**
   * Resolves with the server's response once it has accepted the mail. Not idempotent: sending a mail again may deliver
   * it again, under the same Message-ID.
   * @throws {MailRejected}
   */
  send(mail: OutgoingMail): Promise<{ response: string }>
  close(): Promise<void>
}

/**
 * Why a mail was rejected:
 * - `recipient`: permanent, for any mail to this address
 * - `message`: permanent, for this mail
 * - `later`: temporary, for this mail
 * - `service`: the server currently accepts no mail, or not with these credentials
 * - `unknown`: the connection broke after the whole mail was transmitted; it may have been accepted
 */
export type RejectionReason = 'recipient' | 'message' | 'later' | 'service' | 'unknown'

export class MailRejected extends Error {
  readonly reason: RejectionReason

  /** @param message the server's response or a description */
  constructor(reason: RejectionReason, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'MailRejected'
    this.reason = reason
  }
}

import type { Db } from '@/lib/database/db'
import type { Mailer, OutgoingMail } from './mailer'

/** Keeps mails in the database, where there is no SMTP server. The same mail again is kept once. */
export class OutboxMailer implements Mailer {
  readonly name = 'outbox'
  readonly target = 'this server'

  constructor(private readonly db: Db) {}

  async send({ messageId, from: sender, to: recipient, subject, html, text }: OutgoingMail) {
    await this.db.outboxMail.createMany({
      data: { messageId, sender, recipient, subject, html, text },
      skipDuplicates: true,
    })
    return { response: 'kept here' }
  }

  async close() {}
}

import type { Db } from '@/lib/database/db'
import type { Mailer, OutgoingMail } from './mailer'

/** Stores mails in the database when no SMTP server is configured. Idempotent by Message-ID. */
export class OutboxMailer implements Mailer {
  readonly name = 'outbox'
  readonly target = 'this server'

  constructor(private readonly db: Db) {}

  async send({ messageId, from: sender, to: recipient, subject, html, text }: OutgoingMail) {
    await this.db.outboxMail.createMany({
      data: { messageId, sender, recipient, subject, html, text },
      skipDuplicates: true,
    })
    return { response: 'stored in the outbox' }
  }

  async close() {}
}

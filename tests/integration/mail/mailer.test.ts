import { useDatabase } from '@/tests/support/database'
import { startSmtp } from '@/tests/support/smtp'
import { OutboxMailer } from '@/worker/mail/outbox'
import { SmtpMailer } from '@/worker/mail/smtp'
import { describeMailer } from './mailer-contract'

const database = useDatabase()

describeMailer('outbox', async () => ({
  mailer: new OutboxMailer(database.db),
  read: async (recipient) =>
    (await database.db.outboxMail.findMany({ where: { recipient } })).map(({ sender, ...mail }) => ({
      ...mail,
      from: sender,
      to: recipient,
    })),
  end: async () => {},
}))

describeMailer('smtp', async () => {
  const smtp = await startSmtp()
  const mailer = new SmtpMailer({ url: smtp.url, connections: 3 })
  return {
    mailer,
    read: async (address) =>
      smtp.to(address).map((mail) => ({
        messageId: mail.messageId!,
        from: mail.from!.text,
        to: address,
        subject: mail.subject!,
        html: String(mail.html),
        text: mail.text!,
      })),
    async end() {
      await mailer.close()
      await smtp.stop()
    },
  }
})

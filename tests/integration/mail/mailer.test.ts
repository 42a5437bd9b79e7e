import { useDatabase } from '@/tests/support/database'
import { startSmtpServer } from '@/tests/support/smtp-server'
import { OutboxMailer } from '@/worker/mail/outbox-mailer'
import { SmtpMailer } from '@/worker/mail/smtp-mailer'
import { describeMailer } from '@/tests/support/contracts/mailer-contract'

const database = useDatabase()

describeMailer('outbox', async () => ({
  mailer: new OutboxMailer(database.db),
  readInbox: async (recipient) =>
    (await database.db.outboxMail.findMany({ where: { recipient } })).map(({ sender, ...mail }) => ({
      ...mail,
      from: sender,
      to: recipient,
    })),
  close: async () => {},
}))

describeMailer('smtp', async () => {
  const smtp = await startSmtpServer()
  const mailer = new SmtpMailer({ url: smtp.url, connections: 3 })
  return {
    mailer,
    readInbox: async (address) =>
      smtp.findMailsTo(address).map((mail) => ({
        messageId: mail.messageId!,
        from: mail.from!.text,
        to: address,
        subject: mail.subject!,
        html: String(mail.html),
        text: mail.text!,
      })),
    async close() {
      await mailer.close()
      await smtp.stop()
    },
  }
})

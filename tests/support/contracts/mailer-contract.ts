import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Mailer, OutgoingMail } from '@/worker/mail/mailer'

/** A mail as received. */
type ReceivedMail = Pick<OutgoingMail, 'messageId' | 'from' | 'to' | 'subject' | 'html' | 'text'>

interface MailerSetup {
  mailer: Mailer
  /** Mails received for an address. */
  readInbox(address: string): Promise<ReceivedMail[]>
  close(): Promise<void>
}

/** The contract suite of Mailer drivers. */
export function describeMailer(name: string, setUp: () => Promise<MailerSetup>) {
  describe(`the mailer ${name}`, () => {
    let setup: MailerSetup
    beforeAll(async () => {
      setup = await setUp()
    })
    afterAll(() => setup.close())

    const address = () => `${randomUUID()}@example.com`
    const send = (mail: Partial<OutgoingMail> & { to: string }) =>
      setup.mailer.send({
        messageId: `<${randomUUID()}@example.org>`,
        from: 'Meanwhile <meanwhile@example.org>',
        subject: 'Ready',
        html: '<p>Ready</p>',
        text: 'Ready',
        ...mail,
      })

    it('delivers subject, HTML and text unchanged under the given Message-ID', async () => {
      const mail = {
        messageId: `<${randomUUID()}@example.org>`,
        to: address(),
        subject: 'Übermaß für „Kaffee“ ☕ is ready',
        html: `<p>Grüße ☕ ${'long '.repeat(400)}</p>\n<p>.\n.</p>`,
        text: 'Grüße ☕\n.\nEnd',
      }
      expect((await send(mail)).response).not.toBe('')
      const [arrived, ...others] = await setup.readInbox(mail.to)
      expect(others).toEqual([])
      expect(arrived).toMatchObject({ messageId: mail.messageId, to: mail.to, subject: mail.subject })
      expect(arrived!.html.trim()).toBe(mail.html)
      expect(arrived!.text.trim()).toBe(mail.text)
      expect(arrived!.from).toContain('meanwhile@example.org')
    })

    it('prevents header injection through the subject', async () => {
      const [to, other] = [address(), address()]
      await send({ to, subject: `Ready\r\nBcc: ${other}\r\nX-Planted: yes\r\n\r\nplanted` })
      const [arrived] = await setup.readInbox(to)
      expect(arrived!.text.trim()).toBe('Ready')
      expect(arrived!.subject).toContain('Ready')
      expect(await setup.readInbox(other)).toEqual([])
    })

    it('accepts concurrent mails', async () => {
      const to = address()
      await Promise.all(Array.from({ length: 30 }, () => send({ to })))
      expect(new Set((await setup.readInbox(to)).map(({ messageId }) => messageId)).size).toBe(30)
    })
  })
}

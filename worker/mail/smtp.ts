import { PassThrough } from 'node:stream'
import nodemailer, { type NodemailerError } from 'nodemailer'
import { type Mailer, MailRefused, type OutgoingMail } from './mailer'
import { refusalOf } from './refusal'

const SECOND_MS = 1000

/** An SMTP server, through `connections` that stay open. TLS and credentials are those of `url`. */
export class SmtpMailer implements Mailer {
  readonly name = 'smtp'
  readonly target: string
  readonly #transport
  /** Mails of which the last byte has gone to the connection. */
  readonly #handedOver = new WeakSet<object>()

  constructor(options: { url: string; connections: number }) {
    const { hostname, port, username } = new URL(options.url)
    this.target = `${username ? `${decodeURIComponent(username)} at ` : ''}${hostname}${port && `:${port}`}`
    this.#transport = nodemailer.createTransport({
      url: options.url,
      pool: true,
      maxConnections: options.connections,
      maxMessages: Infinity,
      // Once, for a connection that the server had closed meanwhile; only while not a byte was sent.
      maxRequeues: 1,
      connectionTimeout: 10 * SECOND_MS,
      greetingTimeout: 10 * SECOND_MS,
      socketTimeout: 60 * SECOND_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    this.#transport.use('stream', (mail, done) => {
      const flush = (end: () => void) => (this.#handedOver.add(mail.data), end())
      mail.message.transform(() => new PassThrough({ flush }))
      done()
    })
  }

  async send(mail: OutgoingMail) {
    const message = { ...mail, headers: { 'Auto-Submitted': 'auto-generated' } }
    try {
      const { response } = await this.#transport.sendMail(message)
      return { response }
    } catch (error) {
      if (error instanceof MailRefused) throw error
      throw refusalOf(error as NodemailerError, this.#handedOver.has(message))
    }
  }

  async close() {
    this.#transport.close()
  }
}

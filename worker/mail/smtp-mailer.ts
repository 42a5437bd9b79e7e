import { PassThrough } from 'node:stream'
import nodemailer, { type NodemailerError } from 'nodemailer'
import { isLoopbackHost } from '@/lib/http/ip-networks'
import type { Mailer, OutgoingMail } from './mailer'
import { classifyReply } from './classify-reply'

const SECOND_MS = 1000

/** Sends through an SMTP server over pooled connections. `url` defines TLS and credentials. */
export class SmtpMailer implements Mailer {
  readonly name = 'smtp'
  readonly target: string
  readonly #transport
  /** Message-IDs of mails that are transmitted completely but not yet settled. */
  readonly #transmitted = new Set<string>()

  constructor(options: { url: string; connections: number }) {
    const { hostname, port, username, password } = new URL(options.url)
    this.target = `${username ? `${decodeURIComponent(username)} at ` : ''}${hostname}${port && `:${port}`}`
    this.#transport = nodemailer.createTransport({
      url: options.url,
      pool: true,
      maxConnections: options.connections,
      maxMessages: Infinity,
      // For a pooled connection that the server has closed; nodemailer requeues only before it sends a byte.
      maxRequeues: 1,
      connectionTimeout: 10 * SECOND_MS,
      greetingTimeout: 10 * SECOND_MS,
      socketTimeout: 60 * SECOND_MS,
      // An attacker on the way could otherwise strip STARTTLS and read the password.
      requireTLS: Boolean(username || password) && !isLoopbackHost(hostname),
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    this.#transport.use('stream', (mail, done) => {
      const flush = (done: () => void) => (this.#transmitted.add(String(mail.data.messageId)), done())
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
      throw classifyReply(error as NodemailerError, {
        isTransmitted: this.#transmitted.has(mail.messageId),
      })
    } finally {
      this.#transmitted.delete(mail.messageId)
    }
  }

  /** Connects and authenticates without sending. @returns the problem, or null */
  async findProblem() {
    try {
      await this.#transport.verify()
      return null
    } catch (error) {
      return classifyReply(error as NodemailerError, { isTransmitted: false }).message
    }
  }

  async close() {
    this.#transport.close()
  }
}

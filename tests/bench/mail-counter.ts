import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

interface ReceivedMail {
  messageId: string
  to: string
  at: number
}

/** A real SMTP server that accepts every mail and records its arrival time. */
export async function startMailCounter() {
  const arrivals: ReceivedMail[] = []
  const waiting = new Map<string, (arrival: ReceivedMail) => void>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    hideSTARTTLS: true,
    logger: false,
    onData(stream, { envelope }, done) {
      void text(stream).then((mail) => {
        const messageId = /^message-id:\s*(\S+)/im.exec(mail)?.[1] ?? ''
        const to = envelope.rcptTo[0]?.address ?? ''
        const arrival = { messageId, to, at: performance.now() }
        arrivals.push(arrival)
        waiting.get(to)?.(arrival)
        waiting.delete(to)
        done()
      })
    },
  })
  // A killed sender resets its connection.
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    arrivals,
    /** Resolves with the next mail to an address. */
    waitForMailTo: (to: string) => new Promise<ReceivedMail>((resolve) => waiting.set(to, resolve)),
    stop: () => new Promise<void>((resolve) => server.close(resolve)),
  }
}

export type MailCounter = Awaited<ReturnType<typeof startMailCounter>>

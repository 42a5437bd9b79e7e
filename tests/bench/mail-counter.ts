import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

interface ReceivedMail {
  messageId: string
  to: string
  at: number
}

/** A real SMTP server that records the arrival time of every mail. It refuses one whose sender was killed while it sent it. */
export async function startMailCounter() {
  const arrivals: ReceivedMail[] = []
  const waiting = new Map<string, (arrival: ReceivedMail) => void>()
  const receive = async (stream: Readable, to: string) => {
    const mail = await text(stream)
    const messageId = /^message-id:\s*(\S+)/im.exec(mail)?.[1] ?? ''
    const arrival = { messageId, to, at: performance.now() }
    arrivals.push(arrival)
    waiting.get(to)?.(arrival)
    waiting.delete(to)
  }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    hideSTARTTLS: true,
    logger: false,
    onData(stream, { envelope }, done) {
      void receive(stream, envelope.rcptTo[0]?.address ?? '').then(() => done(), done)
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

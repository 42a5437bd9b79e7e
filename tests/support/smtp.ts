import type { AddressInfo, Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** Text and HTML are those that were sent, none made of the other. */
const AS_IT_IS = { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true }

/** What smtp-server keeps of each connection. */
interface Connection {
  session: { id: string }
  _socket: Socket
}

/** How a server answers that does not simply take a mail. */
export const says = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode })

/** A real SMTP server on this machine, and the mails that it took, as a mail program reads them. */
export async function startSmtp(options: SMTPServerOptions & { port?: number } = {}) {
  const mails: ParsedMail[] = []
  const arrivedAt: number[] = []
  const { port = 0, ...rules } = options
  const behaviour: Pick<SMTPServerOptions, 'onRcptTo' | 'onMailFrom' | 'onConnect'> & {
    /** Before the server says that it has taken a mail. */
    beforeAnswer?: (mail: ParsedMail) => Promise<Error | void> | Error | void
  } = {}
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: rules.onAuth ? [] : ['STARTTLS'],
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    logger: false,
    onConnect: (session, done) => (behaviour.onConnect ? behaviour.onConnect(session, done) : done()),
    onMailFrom: (from, session, done) =>
      behaviour.onMailFrom ? behaviour.onMailFrom(from, session, done) : done(),
    onRcptTo: (to, session, done) => (behaviour.onRcptTo ? behaviour.onRcptTo(to, session, done) : done()),
    onData(stream, _session, done) {
      const take = async (mail: ParsedMail) => {
        const refusal = await behaviour.beforeAnswer?.(mail)
        if (refusal) return done(refusal)
        mails.push(mail)
        arrivedAt.push(performance.now())
        done()
      }
      // Of a sender that was killed in the middle of a mail nothing is taken.
      void simpleParser(stream, AS_IT_IS).then(take, done)
    },
    ...rules,
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const at = (server.server.address() as AddressInfo).port
  const breakOff = (which: (connection: Connection) => boolean) => {
    for (const connection of server.connections as unknown as Set<Connection>)
      if (which(connection)) connection._socket.resetAndDestroy()
  }
  return {
    port: at,
    url: `smtp://127.0.0.1:${at}`,
    mails,
    arrivedAt,
    behaviour,
    /** Breaks the connection of one session, or of all. */
    reset: (sessionId: string) => breakOff(({ session }) => session.id === sessionId),
    resetAll: () => breakOff(() => true),
    to: (address: string) => mails.filter((mail) => JSON.stringify(mail.to).includes(address)),
    stop: () => new Promise<void>((resolve) => server.close(resolve)),
  }
}

export type Smtp = Awaited<ReturnType<typeof startSmtp>>

import type { AddressInfo, Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** Text and HTML are those that were sent, none made of the other. */
const PARSE_OPTIONS = { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true }

/** What smtp-server keeps of each connection. */
interface Connection {
  session: { id: string }
  _socket: Socket
}

/** How a server answers that does not simply take a mail. */
export const smtpError = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode })

/** A real SMTP server on this machine, and the mails that it took, as a mail program reads them. */
export async function startSmtpServer(options: SMTPServerOptions & { port?: number } = {}) {
  const mails: ParsedMail[] = []
  const receivedAtMs: number[] = []
  const { port = 0, ...rules } = options
  const hooks: Pick<SMTPServerOptions, 'onRcptTo' | 'onMailFrom' | 'onConnect'> & {
    /** Before the server says that it has taken a mail. */
    beforeAccept?: (mail: ParsedMail) => Promise<Error | void> | Error | void
  } = {}
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: rules.onAuth ? [] : ['STARTTLS'],
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    logger: false,
    onConnect: (session, done) => (hooks.onConnect ? hooks.onConnect(session, done) : done()),
    onMailFrom: (from, session, done) => (hooks.onMailFrom ? hooks.onMailFrom(from, session, done) : done()),
    onRcptTo: (to, session, done) => (hooks.onRcptTo ? hooks.onRcptTo(to, session, done) : done()),
    onData(stream, _session, done) {
      const take = async (mail: ParsedMail) => {
        const refusal = await hooks.beforeAccept?.(mail)
        if (refusal) return done(refusal)
        mails.push(mail)
        receivedAtMs.push(performance.now())
        done()
      }
      // Of a sender that was killed in the middle of a mail nothing is taken.
      void simpleParser(stream, PARSE_OPTIONS).then(take, done)
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
    arrivedAt: receivedAtMs,
    behaviour: hooks,
    /** Breaks the connection of one session, or of all. */
    resetSession: (sessionId: string) => breakOff(({ session }) => session.id === sessionId),
    resetAll: () => breakOff(() => true),
    findMailsTo: (address: string) => mails.filter((mail) => JSON.stringify(mail.to).includes(address)),
    stop: () => new Promise<void>((resolve) => server.close(resolve)),
  }
}

export type TestSmtpServer = Awaited<ReturnType<typeof startSmtpServer>>

import type { AddressInfo, Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** Keeps text and HTML as sent instead of deriving one from the other. */
const PARSE_OPTIONS = { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true }

/** The internals of smtp-server's connections. */
interface Connection {
  session: { id: string }
  _socket: Socket
}

/** An error response of the server. */
export const smtpError = (responseCode: number, message: string) =>
  Object.assign(new Error(message), { responseCode })

/** A real SMTP server on loopback that parses and collects accepted mails. */
export async function startSmtpServer(options: SMTPServerOptions & { port?: number } = {}) {
  const mails: ParsedMail[] = []
  const receivedAtMs: number[] = []
  const { port = 0, ...rules } = options
  const hooks: Pick<SMTPServerOptions, 'onRcptTo' | 'onMailFrom' | 'onConnect'> & {
    /** Called before the server accepts a mail; an error rejects it. */
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
      const accept = async (mail: ParsedMail) => {
        const rejection = await hooks.beforeAccept?.(mail)
        if (rejection) return done(rejection)
        mails.push(mail)
        receivedAtMs.push(performance.now())
        done()
      }
      // A truncated mail of a killed sender is rejected.
      void simpleParser(stream, PARSE_OPTIONS).then(accept, done)
    },
    ...rules,
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const listenPort = (server.server.address() as AddressInfo).port
  const resetConnections = (matches: (connection: Connection) => boolean) => {
    for (const connection of server.connections as unknown as Set<Connection>)
      if (matches(connection)) connection._socket.resetAndDestroy()
  }
  return {
    port: listenPort,
    url: `smtp://127.0.0.1:${listenPort}`,
    mails,
    /** When each of `mails` arrived, on this process's monotonic clock. */
    receivedAtMs,
    hooks,
    /** Resets the TCP connection of one session. */
    resetSession: (sessionId: string) => resetConnections(({ session }) => session.id === sessionId),
    resetAll: () => resetConnections(() => true),
    findMailsTo: (address: string) => mails.filter((mail) => JSON.stringify(mail.to).includes(address)),
    stop: () => new Promise<void>((resolve) => server.close(resolve)),
  }
}

export type TestSmtpServer = Awaited<ReturnType<typeof startSmtpServer>>

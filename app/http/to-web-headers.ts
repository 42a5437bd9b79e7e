import type { IncomingHttpHeaders } from 'node:http'

/** The headers of a request of `node:http`, or of a Socket.IO handshake, as web `Headers`. */
export const toWebHeaders = ({ headers }: { headers: IncomingHttpHeaders }) =>
  new Headers(headers as Record<string, string>)

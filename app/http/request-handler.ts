import type { IncomingMessage, ServerResponse } from 'node:http'

/** Answers the requests that it matches. `server.ts` lists the handlers; the first that matches answers. */
export interface RequestHandler {
  matches(request: IncomingMessage): boolean
  handle(request: IncomingMessage, response: ServerResponse): unknown
}

import type { IncomingMessage } from 'node:http'

const DRAIN_TIMEOUT_MS = 10_000

/**
 * Discards the rest of the request body after an early response, for at most 10 s. Closing the connection at once, as
 * `connection: close` does, would lose the response for a client that is still sending.
 */
export function drainRequest(request: IncomingMessage) {
  if (request.complete) return
  request.resume()
  setTimeout(() => request.destroy(), DRAIN_TIMEOUT_MS).unref()
}

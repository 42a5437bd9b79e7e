import type { IncomingMessage } from 'node:http'

const DRAIN_TIMEOUT_MS = 10_000

/**
 * After an answer that came before the body had: a sender that has not finished would miss it if we hung up at once,
 * as `connection: close` does. After 10 s we do.
 */
export function drainRequest(request: IncomingMessage) {
  if (request.complete) return
  request.resume()
  setTimeout(() => request.destroy(), DRAIN_TIMEOUT_MS).unref()
}

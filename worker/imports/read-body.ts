import * as messages from '@/lib/generated/messages/import-errors'
import { toConnectionError, transientError } from './errors'
import type { RemoteFile } from './read-response'

export interface StallLimits {
  /** Longest wait for `minBytes`, in milliseconds. */
  stallTimeoutMs: number
  minBytes: number
}

/**
 * Reads the body of a file. Only the time counts in which the server is awaited, not that in which the reader is busy.
 * @throws {AppError} import.interrupted if the connection breaks or stalls
 */
export async function* readBody({ body, host }: RemoteFile, { stallTimeoutMs, minBytes }: StallLimits) {
  const stalled = transientError(messages.noData({ host, seconds: stallTimeoutMs / 1000 }))
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let budgetMs = stallTimeoutMs
  let received = 0
  try {
    for (;;) {
      const waitsFrom = performance.now()
      const timer = setTimeout(() => body.destroy(stalled), budgetMs)
      const next = await chunks.next().finally(() => clearTimeout(timer))
      if (next.done) return
      budgetMs -= performance.now() - waitsFrom
      received += next.value.length
      if (received >= minBytes) {
        budgetMs = stallTimeoutMs
        received = 0
      }
      yield next.value
    }
  } catch (error) {
    throw toConnectionError(error, host)
  } finally {
    body.destroy()
  }
}

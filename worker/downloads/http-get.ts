import * as messages from '@/lib/generated/messages/download-errors'
import { noResponseError } from '../http/no-response'
import { createDownloadError, networkErrorReason } from './download-error'

interface Options {
  signal: AbortSignal
  /** Longest time until the response headers, in milliseconds. The body may take longer. */
  responseTimeoutMs: number
  /** Requests the bytes from this offset on. The response has status 416 if there are none. */
  offsetBytes?: number
}

/** Starts an HTTP download. @throws {AppError} download.unreachable or .refused, or the signal's reason */
export async function httpGet(url: string, { signal, responseTimeoutMs, offsetBytes = 0 }: Options) {
  const timeout = new AbortController()
  const timer = setTimeout(
    () => timeout.abort(noResponseError(messages.noResponse({ seconds: responseTimeoutMs / 1000 }))),
    responseTimeoutMs,
  )
  const response = await fetch(url, {
    signal: AbortSignal.any([signal, timeout.signal]),
    headers: {
      'accept-encoding': 'identity',
      ...(offsetBytes > 0 ? { range: `bytes=${offsetBytes}-` } : {}),
    },
  })
    .catch((cause: unknown) => {
      throw signal.aborted
        ? signal.reason
        : createDownloadError('unreachable', { url, reason: networkErrorReason(cause), cause })
    })
    .finally(() => clearTimeout(timer))
  if (response.ok || (offsetBytes > 0 && response.status === 416)) return response
  await response.body?.cancel()
  const { status } = response
  const code = status >= 500 ? 'unreachable' : 'refused'
  throw createDownloadError(code, { url, reason: messages.status({ status: String(status) }), status })
}

import { createDownloadError, networkErrorReason } from './download-error'

interface Options {
  signal: AbortSignal
  /** Longest time until the server answers at all, in milliseconds. What it sends may take longer. */
  responseTimeoutMs: number
  /** How many bytes are here already. Where there are none behind them, the answer's status is 416. */
  offsetBytes?: number
}

/** @throws {AppError} download.unreachable or .refused, or the signal's reason */
export async function httpGet(
  url: string,
  { signal, responseTimeoutMs: answerMs, offsetBytes: from = 0 }: Options,
) {
  const late = new AbortController()
  const clock = setTimeout(() => late.abort(new Error(`no answer within ${answerMs / 1000} s`)), answerMs)
  const answer = await fetch(url, {
    signal: AbortSignal.any([signal, late.signal]),
    headers: { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${from}-` } : {}) },
  })
    .catch((cause: unknown) => {
      throw signal.aborted
        ? signal.reason
        : createDownloadError('unreachable', { url, reason: networkErrorReason(cause), cause })
    })
    .finally(() => clearTimeout(clock))
  if (answer.ok || (from > 0 && answer.status === 416)) return answer
  await answer.body?.cancel()
  const { status } = answer
  const code = status >= 500 ? 'unreachable' : 'refused'
  throw createDownloadError(code, { url, reason: `the server answers ${status}`, status })
}

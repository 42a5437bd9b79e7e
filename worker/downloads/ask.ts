import { downloadProblem, whyOf } from './download-problem'

interface Asked {
  signal: AbortSignal
  /** Longest time until the server answers at all, in milliseconds. What it sends may take longer. */
  answerMs: number
  /** How many bytes are here already. Where there are none behind them, the answer's status is 416. */
  from?: number
}

/** @throws {AppError} download.unreachable or .refused, or the signal's reason */
export async function ask(url: string, { signal, answerMs, from = 0 }: Asked) {
  const late = new AbortController()
  const clock = setTimeout(() => late.abort(new Error(`no answer within ${answerMs / 1000} s`)), answerMs)
  const answer = await fetch(url, {
    signal: AbortSignal.any([signal, late.signal]),
    headers: { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${from}-` } : {}) },
  })
    .catch((cause: unknown) => {
      throw signal.aborted ? signal.reason : downloadProblem('unreachable', { url, why: whyOf(cause), cause })
    })
    .finally(() => clearTimeout(clock))
  if (answer.ok || (from > 0 && answer.status === 416)) return answer
  await answer.body?.cancel()
  const { status } = answer
  const code = status >= 500 ? 'unreachable' : 'refused'
  throw downloadProblem(code, { url, why: `the server answers ${status}`, status })
}

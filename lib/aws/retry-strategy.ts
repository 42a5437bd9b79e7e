import type { S3ClientConfig } from '@aws-sdk/client-s3'

type RetryStrategy = Extract<
  NonNullable<S3ClientConfig['retryStrategy']>,
  { acquireInitialRetryToken: unknown }
>
type Token = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>

const FIRST_DELAY_MS = 100
const MAX_DELAY_MS = 5_000
const RETRIED = ['TRANSIENT', 'THROTTLING', 'SERVER_ERROR']
/** What a service answers whose hash of a body differs from the signed one: the body was damaged on the way. */
const DAMAGED = 'XAmzContentSHA256Mismatch'

/**
 * Repeats a request for `patienceMs` while the service is away, fails or is overloaded, with delays that double up to 5 s.
 * The strategies of the SDK count attempts of all requests together and give up within seconds when several fail at once.
 */
export function createRetryStrategy(patienceMs: number): RetryStrategy {
  const startedAt = new WeakMap<Token, number>()
  const createToken = (since: number, count: number, delayMs: number) => {
    const token: Token = { getRetryCount: () => count, getRetryDelay: () => delayMs }
    startedAt.set(token, since)
    return token
  }
  return {
    acquireInitialRetryToken: async () => createToken(performance.now(), 0, 0),
    async refreshRetryTokenForRetry(token, { error, errorType, retryAfterHint }) {
      const since = startedAt.get(token)!
      const count = token.getRetryCount() + 1
      const backoffMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (count - 1)) * (0.5 + Math.random() / 2)
      const hintMs = retryAfterHint ? retryAfterHint.getTime() - Date.now() : 0
      const delayMs = Math.max(backoffMs, Math.min(hintMs, MAX_DELAY_MS))
      const isLate = performance.now() + delayMs - since > patienceMs
      // The client then throws the error of the request.
      const isRetried = RETRIED.includes(errorType) || (error as Error | undefined)?.name === DAMAGED
      if (isLate || !isRetried) throw new Error('not repeated')
      return createToken(since, count, delayMs)
    },
    recordSuccess: () => undefined,
  }
}

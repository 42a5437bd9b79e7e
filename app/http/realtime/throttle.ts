import { log } from '@/lib/log'

/**
 * Returns a function that runs `work` at once, but at most every `intervalMs`: calls in between cause one more run at the
 * end of the interval. Errors are logged.
 */
export function throttle(intervalMs: number, work: () => Promise<void>) {
  let isResting = false
  let isRequested = false
  return function request() {
    isRequested = true
    if (isResting) return
    isRequested = false
    isResting = true
    work()
      .catch((error: unknown) => log.warn({ err: error, work: work.name }, 'throttled work failed'))
      .finally(() =>
        setTimeout(() => {
          isResting = false
          if (isRequested) request()
        }, intervalMs).unref(),
      )
  }
}

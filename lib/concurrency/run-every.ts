import { log } from '@/lib/log'

interface Options {
  work(): Promise<unknown>
  /** Milliseconds between the end of a run and the start of the next: runs never overlap. */
  pauseMs: number
  /** Milliseconds before the first run. Default: none. */
  initialDelayMs?: number
  /** Log message for a failed run. A failure does not end the loop. */
  failureMessage: string
}

/**
 * Runs `work` in a loop. The timer does not keep the process alive. Returns an async, idempotent stop that resolves
 * when the current run has settled.
 */
export function runEvery({ work, pauseMs, initialDelayMs = 0, failureMessage }: Options) {
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let currentRun: Promise<unknown> = Promise.resolve()
  const schedule = (delayMs: number) => {
    if (!isStopped) timer = setTimeout(run, delayMs).unref()
  }
  const run = () => {
    currentRun = work()
      .catch((error: unknown) => log.warn({ err: error }, failureMessage))
      .finally(() => schedule(pauseMs))
  }
  if (initialDelayMs > 0) schedule(initialDelayMs)
  else run()
  return async () => {
    isStopped = true
    clearTimeout(timer)
    await currentRun
  }
}

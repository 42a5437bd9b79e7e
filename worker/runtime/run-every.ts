import { log } from '@/lib/log'

/**
 * Does `work` now, and again `pauseMs` (milliseconds) after it has ended, whatever becomes of it; a failure is logged with the
 * words of `problem`. It keeps no process alive. Returns what ends it, which resolves when nothing is under way.
 */
export function runEvery({
  work,
  pauseMs,
  problem,
}: {
  work(): Promise<unknown>
  pauseMs: number
  problem: string
}) {
  let isEnding = false
  let timer: NodeJS.Timeout
  let turn: Promise<unknown>
  const again = () => {
    turn = work()
      .catch((error: unknown) => log.warn({ err: error }, problem))
      .finally(() => {
        if (!isEnding) timer = setTimeout(again, pauseMs).unref()
      })
  }
  again()
  return async () => {
    isEnding = true
    clearTimeout(timer)
    await turn
  }
}

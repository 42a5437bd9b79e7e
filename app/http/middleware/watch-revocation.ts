import { runEvery } from '@/lib/concurrency/run-every'

interface RevocationWatch {
  isStillAllowed: () => Promise<boolean>
  intervalMs: number
  close: () => void
}

/**
 * Checks every `intervalMs` whether a long-lived connection is still allowed, because sessions end and API keys are
 * revoked while it is open, and calls `close` if not. A check that throws is logged and closes nothing. Returns a
 * function that stops the checks; call it when the connection ends.
 */
export function watchRevocation({ isStillAllowed, intervalMs, close }: RevocationWatch) {
  const check = async () => {
    if (!(await isStillAllowed())) close()
  }
  return runEvery({
    work: check,
    pauseMs: intervalMs,
    initialDelayMs: intervalMs,
    failureMessage: 'could not re-authenticate a connection',
  })
}

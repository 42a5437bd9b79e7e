import { setTimeout as sleep } from 'node:timers/promises'

interface Options {
  intervalMs: number
  /** Default: unlimited. */
  timeoutMs?: number
  signal?: AbortSignal
}

/**
 * Calls `condition` at once and then every `intervalMs` until it returns true. Returns false after `timeoutMs`;
 * errors of `condition` are passed on.
 * @throws the signal's reason
 */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  { intervalMs, timeoutMs = Infinity, signal }: Options,
) {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    signal?.throwIfAborted()
    if (await condition()) return true
    if (performance.now() >= deadline) return false
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined)
  }
}

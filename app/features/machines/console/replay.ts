import type { ConsoleChunk } from '@/lib/machines/console-protocol'

/** A pause is not shown longer than this. */
const MAX_PAUSE_MS = 700

/** Writes pieces with the pauses that were between them, shortened. Resolves at the end, or when it is aborted. */
export async function replayRecording(
  pieces: readonly ConsoleChunk[],
  on: { write(bytes: Uint8Array): void; signal: AbortSignal },
) {
  let before = pieces[0]?.at ?? 0
  for (const { at, bytes } of pieces) {
    const pauseMs = Math.min(MAX_PAUSE_MS, Math.max(0, at - before))
    before = at
    if (pauseMs > 4) await delay(pauseMs, on.signal)
    if (on.signal.aborted) return
    on.write(bytes)
  }
}

const delay = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })

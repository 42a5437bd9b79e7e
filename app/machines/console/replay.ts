import type { ConsolePiece } from '@/lib/machines/console-contract'

/** A pause is not shown longer than this. */
const LONGEST_PAUSE_MS = 700

/** Writes pieces with the pauses that were between them, shortened. Resolves at the end, or when it is aborted. */
export async function replay(
  pieces: readonly ConsolePiece[],
  on: { write(bytes: Uint8Array): void; signal: AbortSignal },
) {
  let before = pieces[0]?.at ?? 0
  for (const { at, bytes } of pieces) {
    const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(0, at - before))
    before = at
    if (pauseMs > 4) await pause(pauseMs, on.signal)
    if (on.signal.aborted) return
    on.write(bytes)
  }
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })

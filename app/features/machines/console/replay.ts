import type { ConsoleChunk } from '@/lib/machines/console-protocol'

const MAX_PAUSE_MS = 700

interface Options {
  write(bytes: Uint8Array): void
  /** Ends the replay early; the promise still resolves. */
  signal: AbortSignal
}

/** Writes chunks with their original pauses, each capped at `MAX_PAUSE_MS`. */
export async function replayRecording(chunks: readonly ConsoleChunk[], { write, signal }: Options) {
  let previousAt = chunks[0]?.at ?? 0
  for (const { at, bytes } of chunks) {
    const pauseMs = Math.min(MAX_PAUSE_MS, Math.max(0, at - previousAt))
    previousAt = at
    if (pauseMs > 4) await delay(pauseMs, signal)
    if (signal.aborted) return
    write(bytes)
  }
}

const delay = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    const stop = () => {
      clearTimeout(timer)
      resolve()
    }
    signal.addEventListener('abort', stop, { once: true })
  })

import type { ConsoleChunk } from '@/lib/machines/console-protocol'

/** No driver keeps more. */
const MAX_HISTORY_BYTES = 4 * 1024 * 1024

/** The console output that this page received, for replays. Drops the oldest chunks beyond the limit. */
export class ConsoleHistory {
  #chunks: ConsoleChunk[] = []
  #bytes = 0

  get chunks(): readonly ConsoleChunk[] {
    return this.#chunks
  }

  reset(chunks: readonly ConsoleChunk[]) {
    this.#chunks = [...chunks]
    this.#bytes = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  add(bytes: Uint8Array) {
    this.#chunks.push({ at: Date.now(), bytes })
    this.#bytes += bytes.length
    while (this.#bytes > MAX_HISTORY_BYTES) this.#bytes -= this.#chunks.shift()!.bytes.length
  }
}

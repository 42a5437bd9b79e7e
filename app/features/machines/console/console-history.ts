import type { ConsoleChunk } from '@/lib/machines/console-protocol'

/** As much as the host keeps. */
const MAX_HISTORY_BYTES = 4 * 1024 * 1024

/** What this page has seen of a console, to play it again. The oldest is dropped. */
export class ConsoleHistory {
  #pieces: ConsoleChunk[] = []
  #bytes = 0

  get pieces(): readonly ConsoleChunk[] {
    return this.#pieces
  }

  reset(pieces: readonly ConsoleChunk[]) {
    this.#pieces = [...pieces]
    this.#bytes = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  add(bytes: Uint8Array) {
    this.#pieces.push({ at: Date.now(), bytes })
    this.#bytes += bytes.length
    while (this.#bytes > MAX_HISTORY_BYTES) this.#bytes -= this.#pieces.shift()!.bytes.length
  }
}

import type { ConsolePiece } from '@/lib/machines/console-contract'

/** As much as the host keeps. */
const LONGEST_BYTES = 4 * 1024 * 1024

/** What this page has seen of a console, to play it again. The oldest is dropped. */
export class ConsoleHistory {
  #pieces: ConsolePiece[] = []
  #bytes = 0

  get pieces(): readonly ConsolePiece[] {
    return this.#pieces
  }

  reset(pieces: readonly ConsolePiece[]) {
    this.#pieces = [...pieces]
    this.#bytes = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  add(bytes: Uint8Array) {
    this.#pieces.push({ at: Date.now(), bytes })
    this.#bytes += bytes.length
    while (this.#bytes > LONGEST_BYTES) this.#bytes -= this.#pieces.shift()!.bytes.length
  }
}

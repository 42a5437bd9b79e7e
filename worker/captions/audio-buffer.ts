import { BYTES_PER_SECOND } from './transcriber'

/** Some seconds of audio in the format of `SAMPLE_RATE`. */
export interface AudioChunk {
  startSeconds: number
  endSeconds: number
  samples: Buffer
}

/** Audio that was read ahead from a stream. Times are media times. */
export class AudioBuffer {
  readonly #stream: AsyncIterator<Buffer>
  #samples: Buffer = Buffer.alloc(0)
  #startSeconds: number

  /** @param startSeconds the time of the first sample of the stream */
  constructor(stream: AsyncIterable<Buffer>, startSeconds: number) {
    this.#stream = stream[Symbol.asyncIterator]()
    this.#startSeconds = startSeconds
  }

  get startSeconds() {
    return this.#startSeconds
  }

  /** The end of what was read and not taken. */
  get endSeconds() {
    return this.#startSeconds + toWholeSamples(this.#samples.length) / BYTES_PER_SECOND
  }

  /** Reads up to a time, or less if the stream ends before it. */
  async fill(untilSeconds: number) {
    const parts: Buffer[] = [this.#samples]
    let missing = this.#toOffset(untilSeconds) - this.#samples.length
    while (missing > 0) {
      const { value, done } = await this.#stream.next()
      if (done) break
      parts.push(value)
      missing -= value.length
    }
    if (parts.length > 1) this.#samples = Buffer.concat(parts)
  }

  /** Returns up to `seconds` of what was read, from a time on, without taking it. */
  read(fromSeconds: number, seconds: number) {
    const from = this.#toOffset(fromSeconds)
    return this.#samples.subarray(from, from + toWholeSamples(seconds * BYTES_PER_SECOND))
  }

  /** Takes what was read up to a time. */
  take(untilSeconds: number): AudioChunk {
    const bytes = Math.min(this.#toOffset(untilSeconds), toWholeSamples(this.#samples.length))
    const startSeconds = this.#startSeconds
    const samples = this.#samples.subarray(0, bytes)
    this.#samples = Buffer.from(this.#samples.subarray(bytes))
    this.#startSeconds += bytes / BYTES_PER_SECOND
    return { startSeconds, endSeconds: this.#startSeconds, samples }
  }

  /** Ends the stream, which would otherwise wait for its reader. */
  async close() {
    await this.#stream.return?.()
  }

  #toOffset(seconds: number) {
    return Math.max(0, 2 * Math.round(((seconds - this.#startSeconds) * BYTES_PER_SECOND) / 2))
  }
}

const toWholeSamples = (bytes: number) => 2 * Math.floor(bytes / 2)

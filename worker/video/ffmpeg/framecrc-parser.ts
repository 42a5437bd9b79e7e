/** A packet as the muxer `framecrc` lists it. Times in units of the stream's time base. */
export interface ListedPacket {
  /** The position of the stream in the output. */
  stream: number
  /** NaN if the container states none. */
  pts: number
  /** NaN if the container states none. */
  duration: number
  sizeBytes: number
  checksum: number
  /** Flags of a packet (libavcodec/packet.h). */
  flags: number
  /** Seconds per unit. */
  timeBase: number
}

const NEWLINE = 0x0a
const COMMA = 0x2c
const MINUS = 0x2d
const ZERO = 0x30
const LETTER_F = 0x46
const LETTER_X = 0x78
const HASH = 0x23
/** Makes letters lowercase. */
const CASE_BIT = 0x20
const LOWER_A = 0x61

/** How ffmpeg prints a missing time. */
const NO_TIME = -(2 ** 63)
/** Flags are printed only if they are not those of a key frame. */
const KEY = 1
const FIELDS = 6

/**
 * Parses the output of the muxer `framecrc`, one packet per line: stream, dts, pts, duration, size and checksum, after them
 * perhaps `F=` with flags. Byte by byte, because a file of hours has millions of packets: splitting lines and fields into strings
 * takes three times as long.
 */
export class FramecrcParser {
  readonly #onPacket: (packet: ListedPacket) => void
  readonly #timeBases: number[] = []
  readonly #fields = new Float64Array(FIELDS)
  #header: string | null = null
  #field = 0
  #value = 0
  #sign = 1
  #base = 10
  #flags = KEY
  #isFlags = false

  constructor(onPacket: (packet: ListedPacket) => void) {
    this.#onPacket = onPacket
  }

  /** Parses the next bytes, which may end within a line. */
  push(bytes: Uint8Array) {
    for (const byte of bytes) {
      if (this.#header !== null) this.#addToHeader(byte)
      else if (byte >= ZERO && byte < ZERO + 10) this.#value = this.#value * this.#base + byte - ZERO
      else if (byte === COMMA) this.#endField()
      else if (byte === NEWLINE) this.#endLine()
      else if (byte === MINUS) this.#sign = -1
      else if (byte === LETTER_X) this.#base = 16
      else if (byte === HASH) this.#header = ''
      else if (this.#base === 16) this.#value = this.#value * 16 + (byte | CASE_BIT) - LOWER_A + 10
      else if (byte === LETTER_F) this.#isFlags = true
    }
  }

  #addToHeader(byte: number) {
    if (byte !== NEWLINE) {
      this.#header += String.fromCharCode(byte)
      return
    }
    const [, n, numerator, denominator] = /^tb (\d+): (\d+)\/(\d+)$/.exec(this.#header!) ?? []
    if (denominator) this.#timeBases[Number(n)] = Number(numerator) / Number(denominator)
    this.#header = null
  }

  #endField() {
    if (this.#field < FIELDS) this.#fields[this.#field] = this.#sign * this.#value
    else if (this.#isFlags) this.#flags = this.#value
    this.#field++
    this.#value = 0
    this.#sign = 1
    this.#base = 10
    this.#isFlags = false
  }

  #endLine() {
    this.#endField()
    const [stream, , pts, duration, sizeBytes, checksum] = this.#fields as unknown as number[]
    if (this.#field >= FIELDS)
      this.#onPacket({
        stream: stream!,
        pts: pts === NO_TIME ? Number.NaN : pts!,
        duration: duration === NO_TIME ? Number.NaN : duration!,
        sizeBytes: sizeBytes!,
        checksum: checksum!,
        flags: this.#flags,
        timeBase: this.#timeBases[stream!] ?? Number.NaN,
      })
    this.#field = 0
    this.#flags = KEY
  }
}

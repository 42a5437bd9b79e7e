import type { Readable } from 'node:stream'

const HEADER_BYTES = 7

/** Counts the configurations (profile, sample rate, channels) in a stream of ADTS frames (ISO/IEC 13818-7, 6.2), up to 2. */
export async function countAdtsConfigurations(stream: Readable) {
  const found = new Set<number>()
  let rest = Buffer.alloc(0)
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, chunk])
    let at = 0
    while (at + HEADER_BYTES <= bytes.length) {
      const isFrame = bytes[at] === 0xff && (bytes[at + 1]! & 0xf6) === 0xf0
      const length = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5)
      if (!isFrame || length < HEADER_BYTES) {
        at++
        continue
      }
      if (found.size < 2) found.add(((bytes[at + 2]! << 8) | (bytes[at + 3]! & 0xc0)) & 0xfdc0)
      if (at + length > bytes.length) break
      at += length
    }
    rest = Buffer.from(bytes.subarray(at))
  }
  return found.size
}

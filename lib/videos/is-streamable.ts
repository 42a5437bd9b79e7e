import { type FileHandle, open } from 'node:fs/promises'

const MATROSKA = 0x1a45dfa3
const TRANSPORT_SYNC = 0x47
/** Transport streams consist of packets of 188 bytes, some with a time code of 4 bytes before each. */
const TRANSPORT_PACKETS = [
  { start: 0, sizeBytes: 188 },
  { start: 4, sizeBytes: 192 },
]
const HEAD_BYTES = 1024
/** Files have a few boxes before their index. */
const MAX_BOXES = 32

/**
 * Whether the first `sizeBytes` of a file can be read without the rest: Matroska (WebM), transport streams, and MP4 with its
 * index at the start, which must have arrived. A hint by a few bytes, not a check.
 */
export async function isStreamable(path: string, sizeBytes: number) {
  const file = await open(path)
  try {
    const head = await readAt(file, 0, HEAD_BYTES)
    if (head.length < HEAD_BYTES) return false
    return (
      head.readUInt32BE(0) === MATROSKA || isTransportStream(head) || (await hasIndexAtStart(file, sizeBytes))
    )
  } finally {
    await file.close()
  }
}

const isTransportStream = (head: Buffer) =>
  TRANSPORT_PACKETS.some((packet) =>
    [0, 1, 2, 3].every((n) => head[packet.start + n * packet.sizeBytes] === TRANSPORT_SYNC),
  )

/** Whether the index of an MP4 file, `moov`, precedes its media data. */
async function hasIndexAtStart(file: FileHandle, sizeBytes: number) {
  let at = 0
  for (let n = 0; n < MAX_BOXES; n++) {
    const header = await readAt(file, at, 16)
    if (header.length < 16) return false
    const type = header.toString('latin1', 4, 8)
    if (n === 0 && type !== 'ftyp') return false
    const size = header.readUInt32BE(0)
    // 1 announces a size of 64 bits; 0 extends to the end of the file.
    const boxBytes = size === 1 ? Number(header.readBigUInt64BE(8)) : size
    if (boxBytes < 8 || type === 'mdat') return false
    at += boxBytes
    if (type === 'moov') return at <= sizeBytes
  }
  return false
}

async function readAt(file: FileHandle, position: number, length: number) {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

import { inflateRawSync } from 'node:zlib'

const CENTRAL_HEADER = 0x02014b50
const END_RECORD = 0x06054b50

/** Reads a small ZIP archive, by its central directory. Returns the content of each entry by its name. */
export function readZip(bytes: Buffer): Map<string, Buffer> {
  let end = bytes.length - 22
  while (bytes.readUInt32LE(end) !== END_RECORD) end--
  const entries = new Map<string, Buffer>()
  let at = bytes.readUInt32LE(end + 16)
  while (bytes.readUInt32LE(at) === CENTRAL_HEADER) {
    const method = bytes.readUInt16LE(at + 10)
    const packedBytes = bytes.readUInt32LE(at + 20)
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      bytes.readUInt16LE(at + offset),
    )
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength!)
    const local = bytes.readUInt32LE(at + 42)
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const packed = bytes.subarray(start, start + packedBytes)
    entries.set(name, method === 0 ? packed : inflateRawSync(packed))
    at += 46 + nameLength! + extraLength! + commentLength!
  }
  return entries
}

/** Boxes of ISO/IEC 14496-12. A box is a buffer with its header of eight bytes; 64-bit sizes do not occur. */

const HEADER_BYTES = 8

export const boxType = (box: Buffer) => box.toString('latin1', 4, 8)

/** The version and flags of a full box. */
export const boxVersion = (box: Buffer) => box[HEADER_BYTES]!
export const boxFlags = (box: Buffer) => box.readUInt32BE(HEADER_BYTES) & 0xffffff

/** Yields the boxes in a box. */
export function* childBoxes(box: Buffer): Generator<Buffer> {
  for (let at = HEADER_BYTES; at + HEADER_BYTES <= box.length;) {
    const size = box.readUInt32BE(at)
    if (size < HEADER_BYTES) return
    yield box.subarray(at, at + size)
    at += size
  }
}

/** Finds the first box at `path`. */
export function findBox(box: Buffer, ...path: string[]): Buffer | undefined {
  const [wanted, ...rest] = path
  if (!wanted) return box
  for (const child of childBoxes(box)) if (boxType(child) === wanted) return findBox(child, ...rest)
  return undefined
}

export function buildBox(type: string, ...content: Buffer[]) {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32BE(content.reduce((sum, { length }) => sum + length, HEADER_BYTES))
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, ...content])
}

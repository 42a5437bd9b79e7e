/** A number in a file that says how long something is, where it is, or to what it belongs. Big-endian unless stated. */
export interface LengthField {
  at: number
  width: 1 | 2 | 4 | 8
  isLittleEndian?: boolean
}

const MP4_CONTAINERS = [
  'moov',
  'trak',
  'mdia',
  'minf',
  'stbl',
  'dinf',
  'edts',
  'udta',
  'moof',
  'traf',
  'mvex',
]
/** Boxes that start with version, flags and the number of their entries. */
const MP4_TABLES = ['stts', 'ctts', 'stsc', 'stco', 'co64', 'stss', 'stsd', 'dref', 'elst', 'trun']
const EBML_MASTERS = [
  '1a45dfa3',
  '18538067',
  '1549a966',
  '1654ae6b',
  'ae',
  '1f43b675',
  'a0',
  '1c53bb6b',
  '1043a770',
]
const MAX_FIELDS = 5_000

/** Finds the length fields of a file by its format; at least some four bytes each where the format is not known. */
export function findLengthFields(bytes: Buffer): LengthField[] {
  const has = (text: string, at = 0) => bytes.toString('latin1', at, at + text.length) === text
  const fields = has('ftyp', 4)
    ? mp4Fields(bytes, 0, bytes.length)
    : bytes.readUInt32BE(0) === 0x1a45dfa3
      ? ebmlFields(bytes, 0, bytes.length)
      : has('RIFF')
        ? riffFields(bytes, 0, bytes.length)
        : has('OggS')
          ? everyOccurrence(bytes, 'OggS', [
              { at: 6, width: 8, isLittleEndian: true },
              { at: 14, width: 4 },
              { at: 26, width: 1 },
            ])
          : has('FLV')
            ? flvFields(bytes)
            : has('ID3')
              ? [{ at: 6, width: 4 } as const, ...everyOccurrence(bytes, 'APIC', [{ at: 4, width: 4 }])]
              : bytes[0] === 0x47
                ? transportFields(bytes)
                : bytes.readUInt32BE(0) === 0x3026b275
                  ? everyStep(bytes, { from: 16, step: 24, width: 8, isLittleEndian: true })
                  : everyStep(bytes, { from: 4, step: 512, width: 4 })
  return fields.filter(({ at, width }) => at + width <= bytes.length).slice(0, MAX_FIELDS)
}

function mp4Fields(bytes: Buffer, from: number, to: number): LengthField[] {
  const fields: LengthField[] = []
  for (let at = from; at + 8 <= to;) {
    const size = bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    fields.push({ at, width: 4 })
    if (MP4_CONTAINERS.includes(type)) fields.push(...mp4Fields(bytes, at + 8, Math.min(to, at + size)))
    if (MP4_TABLES.includes(type)) fields.push({ at: at + 12, width: 4 }, { at: at + 16, width: 4 })
    if (['stsz', 'tkhd', 'mdhd', 'mvhd', 'tfhd', 'tfdt'].includes(type))
      for (const offset of [12, 16, 20, 24]) fields.push({ at: at + offset, width: 4 })
    if (size < 8) break
    at += size
  }
  return fields
}

function ebmlFields(bytes: Buffer, from: number, to: number): LengthField[] {
  const fields: LengthField[] = []
  for (let at = from; at < to;) {
    const idBytes = Math.clz32(bytes[at]!) - 23
    const sizeAt = at + idBytes
    const sizeBytes = Math.clz32(bytes[sizeAt] ?? 0) - 23
    if (idBytes > 4 || sizeBytes > 8 || sizeAt + sizeBytes > to) break
    let size = bytes[sizeAt]! & (0xff >> sizeBytes)
    for (let n = 1; n < sizeBytes; n++) size = size * 256 + bytes[sizeAt + n]!
    fields.push({ at: sizeAt, width: sizeBytes === 8 ? 8 : sizeBytes >= 4 ? 4 : sizeBytes >= 2 ? 2 : 1 })
    const start = sizeAt + sizeBytes
    if (EBML_MASTERS.includes(bytes.toString('hex', at, sizeAt)))
      fields.push(...ebmlFields(bytes, start, Math.min(to, start + size)))
    at = start + size
  }
  return fields
}

function riffFields(bytes: Buffer, from: number, to: number): LengthField[] {
  const fields: LengthField[] = []
  for (let at = from; at + 8 <= to;) {
    const size = bytes.readUInt32LE(at + 4)
    fields.push({ at: at + 4, width: 4, isLittleEndian: true })
    const isList = ['RIFF', 'LIST'].includes(bytes.toString('latin1', at, at + 4))
    if (isList) fields.push(...riffFields(bytes, at + 12, Math.min(to, at + 8 + size)))
    else if (size >= 32)
      fields.push(
        { at: at + 8, width: 4, isLittleEndian: true },
        { at: at + 28, width: 4, isLittleEndian: true },
      )
    at += 8 + size + (size % 2)
  }
  return fields
}

function flvFields(bytes: Buffer): LengthField[] {
  const fields: LengthField[] = [{ at: 5, width: 4 }]
  for (let at = 13; at + 11 < bytes.length; at += 15 + bytes.readUIntBE(at + 1, 3))
    fields.push({ at: at + 1, width: 2 }, { at: at + 4, width: 4 })
  return fields
}

/** Of each packet: the PID, and the length of the adaptation field. */
function transportFields(bytes: Buffer): LengthField[] {
  const packets = Array.from({ length: Math.floor(bytes.length / 188) }, (_, n) => 188 * n)
  return packets.flatMap((at) => [{ at: at + 1, width: 2 } as const, { at: at + 4, width: 1 } as const])
}

function everyOccurrence(bytes: Buffer, text: string, fields: LengthField[]) {
  const found: LengthField[] = []
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1))
    found.push(...fields.map((field) => ({ ...field, at: at + field.at })))
  return found
}

const everyStep = (
  bytes: Buffer,
  { from, step, ...field }: { from: number; step: number } & Omit<LengthField, 'at'>,
) =>
  Array.from({ length: Math.max(0, Math.floor((bytes.length - from) / step)) }, (_, n) => ({
    ...field,
    at: from + n * step,
  }))

/** Writes the low bytes of `value` to a field. */
export function writeLengthField(bytes: Buffer, { at, width, isLittleEndian }: LengthField, value: bigint) {
  for (let n = 0; n < width; n++) {
    const shift = BigInt(8 * (isLittleEndian ? n : width - 1 - n))
    bytes[at + n] = Number((value >> shift) & 0xffn)
  }
}

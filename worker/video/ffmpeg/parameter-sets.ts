import { PermanentError } from '@/lib/errors'
import * as messages from '@/lib/generated/messages/trim-errors'
import { boxType, buildBox, childBoxes } from './mp4-boxes'

// An init segment of H.264 may describe pictures of several encoders: each slice names its parameter sets (ISO/IEC 14496-15,
// 5.3.3.1). Segments that are encoded at the ends of a copied or hardware-encoded rendition thus need no init segment and
// no discontinuity of their own.

/** Highest id that both kinds of parameter sets can have. */
const MAX_ID = 31
/** Bytes of an `avc1` sample entry before its boxes, and of an `stsd` before its entries. */
const SAMPLE_ENTRY_BYTES = 78
const SAMPLE_TABLE_BYTES = 8

interface AvcConfiguration {
  profile: number
  compatibility: number
  level: number
  lengthSize: number
  sequences: Buffer[]
  pictures: Buffer[]
  /** Of profiles from High on. */
  extension: Buffer
}

const PROFILES: Record<number, string> = { 66: 'baseline', 77: 'main', 100: 'high' }

/** Returns the profile of an init segment of H.264, as encoders name it, and a parameter set id that no given one uses. */
export function planParameterSets(inits: readonly Buffer[]) {
  const configurations = inits.map(readConfiguration)
  const used = new Set(
    configurations.flatMap(({ sequences, pictures }) => [
      ...sequences.map(readSequenceId),
      ...pictures.map(readPictureId),
    ]),
  )
  const id = Array.from({ length: MAX_ID }, (_, n) => MAX_ID - n).find((one) => !used.has(one))
  if (id === undefined) throw unsupported()
  return { id, profiles: configurations.map(({ profile }) => PROFILES[profile] ?? 'high') }
}

/** Adds the parameter sets of `added` to an init segment. */
export function mergeParameterSets(init: Buffer, added: Buffer): Buffer {
  const [own, other] = [readConfiguration(init), readConfiguration(added)]
  if (own.lengthSize !== other.lengthSize) throw unsupported()
  const merged: AvcConfiguration = {
    ...own,
    level: Math.max(own.level, other.level),
    sequences: [...own.sequences, ...other.sequences],
    pictures: [...own.pictures, ...other.pictures],
  }
  return replaceConfiguration(init, writeConfiguration(merged))
}

/** Bytes of the size before each unit of H.264. @throws {PermanentError} if an init segment is of another codec */
export const readNalLengthSize = (init: Buffer) => readConfiguration(init).lengthSize

function readConfiguration(init: Buffer): AvcConfiguration {
  const at = init.indexOf('avcC', 0, 'latin1')
  if (at < 0) throw unsupported()
  const record = init.subarray(at + 4, at - 4 + init.readUInt32BE(at - 4))
  let position = 5
  const readUnits = (mask: number) => {
    const count = record[position++]! & mask
    return Array.from({ length: count }, () => {
      const length = record.readUInt16BE(position)
      position += 2 + length
      return Buffer.from(record.subarray(position - length, position))
    })
  }
  const sequences = readUnits(0x1f)
  const pictures = readUnits(0xff)
  return {
    profile: record[1]!,
    compatibility: record[2]!,
    level: record[3]!,
    lengthSize: (record[4]! & 3) + 1,
    sequences,
    pictures,
    extension: Buffer.from(record.subarray(position)),
  }
}

function writeConfiguration(configuration: AvcConfiguration) {
  const { profile, compatibility, level, lengthSize, sequences, pictures, extension } = configuration
  const units = (all: Buffer[]) =>
    all.flatMap((unit) => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(unit.length)
      return [length, unit]
    })
  return Buffer.concat([
    Buffer.from([1, profile, compatibility, level, 0xfc | (lengthSize - 1), 0xe0 | sequences.length]),
    ...units(sequences),
    Buffer.from([pictures.length]),
    ...units(pictures),
    extension,
  ])
}

const PATH = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd', 'avc1', 'avcC']

/** Rebuilds the boxes that contain the configuration, whose sizes change. */
function replaceConfiguration(init: Buffer, record: Buffer) {
  const rebuild = (box: Buffer, depth: number): Buffer => {
    if (boxType(box) !== PATH[depth]) return box
    const type = PATH[depth]!
    if (type === 'avcC') return buildBox(type, record)
    const fields = type === 'stsd' ? SAMPLE_TABLE_BYTES : type === 'avc1' ? SAMPLE_ENTRY_BYTES : 0
    const children = childBoxes(buildBox('free', box.subarray(8 + fields)))
    return buildBox(
      type,
      box.subarray(8, 8 + fields),
      ...[...children].map((child) => rebuild(child, depth + 1)),
    )
  }
  return Buffer.concat([...childBoxes(buildBox('free', init))].map((box) => rebuild(box, 0)))
}

/** After its header, profile, constraints and level (ITU-T H.264, 7.3.2.1.1). */
const readSequenceId = (unit: Buffer) => readGolomb(unit.subarray(4))
const readPictureId = (unit: Buffer) => readGolomb(unit.subarray(1))

/** Reads an Exp-Golomb code at the start (ITU-T H.264, 9.1). */
function readGolomb(bytes: Buffer) {
  const bit = (n: number) => (bytes[n >> 3]! >> (7 - (n & 7))) & 1
  let zeros = 0
  while (zeros < 8 && bit(zeros) === 0) zeros++
  let value = 1
  for (let n = 1; n <= zeros; n++) value = value * 2 + bit(zeros + n)
  return value - 1
}

const unsupported = () =>
  new PermanentError({
    code: 'trim.unsupported',
    message: messages.unsupported(),
    advice: messages.unsupportedAdvice(),
  })

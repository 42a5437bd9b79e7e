import type { TimedSample } from './decode-times'
import { boxFlags, boxType, boxVersion, buildBox, childBoxes, findBox } from './mp4-boxes'

/** A sample as `trun` lists it (ISO/IEC 14496-12, 8.8.8), with its times in ticks. */
interface Sample extends TimedSample {
  sizeBytes: number
  flags: number
}

const TRUN = {
  dataOffset: 0x1,
  firstFlags: 0x4,
  duration: 0x100,
  size: 0x200,
  flags: 0x400,
  compositionOffset: 0x800,
}

/** More than any segment contains: 15 s of 1,000 pictures a second, or of the shortest packets of sound. */
const MAX_SAMPLES = 50_000

/**
 * Reads the samples of a `moof` with one track.
 * @throws {Error} if it has no decode time, or not one run of samples
 */
export function readSamples(moof: Buffer): Sample[] {
  const traf = findBox(moof, 'traf')
  const tfdt = traf && findBox(traf, 'tfdt')
  const tfhd = traf && findBox(traf, 'tfhd')
  const runs = traf ? [...childBoxes(traf)].filter((box) => boxType(box) === 'trun') : []
  const [trun] = runs
  if (!tfdt || !tfhd || !trun || runs.length > 1) throw new Error('ffmpeg wrote a fragment without times')
  let decodeTime = boxVersion(tfdt) === 1 ? Number(tfdt.readBigUInt64BE(12)) : tfdt.readUInt32BE(12)
  const defaults = readDefaults(tfhd)
  const flags = boxFlags(trun)
  const count = trun.readUInt32BE(12)
  if (count === 0 || count > MAX_SAMPLES) throw new Error(`ffmpeg wrote a fragment of ${count} samples`)
  let at = 16 + (flags & TRUN.dataOffset ? 4 : 0)
  const read = (flag: number, otherwise: number) =>
    flags & flag ? trun.readInt32BE((at += 4) - 4) : otherwise
  const firstFlags = flags & TRUN.firstFlags ? read(TRUN.firstFlags, 0) : undefined
  return Array.from({ length: count }, (_, n) => {
    const duration = read(TRUN.duration, defaults.duration)
    const sizeBytes = read(TRUN.size, defaults.sizeBytes)
    const sampleFlags = read(TRUN.flags, (n === 0 ? firstFlags : undefined) ?? defaults.flags)
    const presentationTime = decodeTime + read(TRUN.compositionOffset, 0)
    const sample = { decodeTime, presentationTime, duration, sizeBytes, flags: sampleFlags }
    decodeTime += duration
    return sample
  })
}

/** Reads the sample defaults of a `tfhd`. */
function readDefaults(tfhd: Buffer) {
  const flags = boxFlags(tfhd)
  let at = 16 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0)
  const read = (flag: number) => (flags & flag ? tfhd.readUInt32BE((at += 4) - 4) : 0)
  return { duration: read(0x8), sizeBytes: read(0x10), flags: read(0x20) }
}

/** Returns a copy of a `moof` with one track whose samples have other times. */
export function replaceSamples(moof: Buffer, samples: readonly Sample[]): Buffer {
  const tfdt = Buffer.alloc(12)
  tfdt.writeUInt8(1)
  tfdt.writeBigUInt64BE(BigInt(samples[0]!.decodeTime), 4)
  const trun = Buffer.alloc(12 + samples.length * 16)
  trun.writeUInt32BE(TRUN.dataOffset | TRUN.duration | TRUN.size | TRUN.flags | TRUN.compositionOffset)
  trun.writeUInt32BE(samples.length, 4)
  samples.forEach((sample, n) => {
    const at = 12 + n * 16
    trun.writeUInt32BE(sample.duration, at)
    trun.writeUInt32BE(sample.sizeBytes, at + 4)
    trun.writeUInt32BE(sample.flags >>> 0, at + 8)
    trun.writeUInt32BE(sample.presentationTime - sample.decodeTime, at + 12)
  })
  const build = () =>
    buildBox(
      'moof',
      ...[...childBoxes(moof)].map((box) =>
        boxType(box) === 'traf' ? buildTrack(box, { tfdt, trun }) : box,
      ),
    )
  // The samples follow in the `mdat`, after its header.
  trun.writeInt32BE(build().length + 8, 8)
  return build()
}

const buildTrack = (traf: Buffer, replaced: { tfdt: Buffer; trun: Buffer }) =>
  buildBox(
    'traf',
    ...[...childBoxes(traf)].map((box) => {
      const type = boxType(box)
      return type === 'tfdt' || type === 'trun' ? buildBox(type, replaced[type]) : box
    }),
  )

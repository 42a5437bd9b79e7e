import type { Readable } from 'node:stream'

/** A segment: one `moof` with its `mdat`. Times in seconds of the media. */
export interface Fragment {
  startSeconds: number
  durationSeconds: number
  /** Whether its first sample is a sync sample. */
  isKeyframe: boolean
  data: Buffer
}

/** More than any segment contains; a larger box is corrupt. */
const MAX_BOX_BYTES = 512 * 1024 ** 2

/**
 * Splits a stream of fragmented MP4 with one track (ISO/IEC 14496-12) into its init segment and fragments. Buffers one
 * fragment in memory.
 */
export async function* readFragments(stream: Readable): AsyncGenerator<{ init: Buffer } | Fragment> {
  let head: Buffer[] = []
  let timescale = 0
  let moof: Buffer | null = null
  for await (const box of readBoxes(stream)) {
    const type = boxType(box)
    if (type === 'moov') {
      timescale = readTimescale(box)
      yield { init: Buffer.concat([...head, box]) }
      head = []
    } else if (type === 'moof') moof = box
    else if (type === 'mdat' && moof) {
      yield { ...readTimes(moof, timescale), data: Buffer.concat([moof, box]) }
      moof = null
    } else if (type === 'ftyp') head.push(box)
  }
}

async function* readBoxes(stream: Readable): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = []
  let buffered = 0
  let wanted = 8
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    buffered += chunk.length
    while (buffered >= wanted) {
      const buffer = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
      const size = buffer.readUInt32BE(0)
      if (size < 8 || size > MAX_BOX_BYTES) throw new Error(`ffmpeg wrote a box of ${size} bytes`)
      if (buffered < size) {
        chunks = [buffer]
        wanted = size
        break
      }
      // Copied, because it would keep the whole box in memory until the next one is complete.
      chunks = [Buffer.from(buffer.subarray(size))]
      yield buffer.subarray(0, size)
      buffered -= size
      wanted = 8
    }
  }
}

const boxType = (box: Buffer) => box.toString('latin1', 4, 8)

/** Finds the first box at `path`. */
function findBox(box: Buffer, ...path: string[]): Buffer | undefined {
  const [wanted, ...rest] = path
  if (!wanted) return box
  for (let at = 8; at + 8 <= box.length;) {
    const size = box.readUInt32BE(at)
    if (size < 8) return undefined
    const child = box.subarray(at, at + size)
    if (boxType(child) === wanted) return findBox(child, ...rest)
    at += size
  }
  return undefined
}

function readTimescale(moov: Buffer) {
  const mdhd = findBox(moov, 'trak', 'mdia', 'mdhd')
  if (!mdhd) throw new Error('ffmpeg wrote no media header')
  return mdhd.readUInt32BE(mdhd[8] === 1 ? 28 : 20)
}

function readTimes(moof: Buffer, timescale: number) {
  const traf = findBox(moof, 'traf')
  const tfdt = traf && findBox(traf, 'tfdt')
  const tfhd = traf && findBox(traf, 'tfhd')
  const trun = traf && findBox(traf, 'trun')
  if (!tfdt || !tfhd || !trun) throw new Error('ffmpeg wrote a fragment without times')
  const base = tfdt[8] === 1 ? Number(tfdt.readBigUInt64BE(12)) : tfdt.readUInt32BE(12)
  const run = readRun(trun, readDefaults(tfhd))
  return {
    startSeconds: (base + run.firstOffset) / timescale,
    durationSeconds: run.duration / timescale,
    isKeyframe: (run.firstFlags & NON_SYNC_SAMPLE_FLAG) === 0,
  }
}

const NON_SYNC_SAMPLE_FLAG = 0x10000
const boxFlags = (box: Buffer) => box.readUInt32BE(8) & 0xffffff

/** Reads the sample defaults of a `tfhd`. */
function readDefaults(tfhd: Buffer) {
  const flags = boxFlags(tfhd)
  let at = 16 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0)
  const next = (flag: number) => (flags & flag ? tfhd.readUInt32BE((at += 4) - 4) : 0)
  const duration = next(0x8)
  next(0x10)
  return { duration, flags: next(0x20) }
}

/** Reads the samples of a `trun`. */
function readRun(trun: Buffer, defaults: { duration: number; flags: number }) {
  const flags = boxFlags(trun)
  const samples = trun.readUInt32BE(12)
  let at = 16 + (flags & 0x1 ? 4 : 0)
  const sampleFlags = flags & 0x4 ? trun.readUInt32BE((at += 4) - 4) : defaults.flags
  const run = { duration: 0, firstOffset: 0, firstFlags: sampleFlags }
  for (let n = 0; n < samples; n++) {
    run.duration += flags & 0x100 ? trun.readUInt32BE((at += 4) - 4) : defaults.duration
    if (flags & 0x200) at += 4
    if (flags & 0x400 && (at += 4) && n === 0 && !(flags & 0x4)) run.firstFlags = trun.readUInt32BE(at - 4)
    if (flags & 0x800 && (at += 4) && n === 0) run.firstOffset = trun.readInt32BE(at - 4)
  }
  return run
}

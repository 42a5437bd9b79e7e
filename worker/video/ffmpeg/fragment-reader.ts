import type { Readable } from 'node:stream'
import { alignDecodeTimes } from './decode-times'
import { readSamples, replaceSamples } from './movie-fragment'
import { boxType, boxVersion, buildBox, findBox } from './mp4-boxes'

/** A segment: one `moof` with its `mdat`. Times in seconds of the media. */
export interface Fragment {
  startSeconds: number
  durationSeconds: number
  data: Buffer
}

/** More than any segment contains; a larger box is corrupt. */
const MAX_BOX_BYTES = 512 * 1024 ** 2

/**
 * Splits a stream of fragmented MP4 with one track (ISO/IEC 14496-12) into its init segment and fragments, and aligns
 * the decode times of each fragment. Buffers one fragment in memory.
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
      yield alignFragment({ moof, mdat: box, timescale })
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

/** The ticks of a second in the one track of an init segment. @throws {Error} if it has none */
export function readInitTimescale(init: Buffer) {
  const moov = findBox(buildBox('free', init), 'moov')
  if (!moov) throw new Error('an init segment has no header')
  return readTimescale(moov)
}

function readTimescale(moov: Buffer) {
  const mdhd = findBox(moov, 'trak', 'mdia', 'mdhd')
  if (!mdhd) throw new Error('ffmpeg wrote no media header')
  return mdhd.readUInt32BE(boxVersion(mdhd) === 1 ? 28 : 20)
}

/** Aligns the decode times of a video fragment; those of audio are its presentation times already. */
function alignFragment({
  moof,
  mdat,
  timescale,
}: {
  moof: Buffer
  mdat: Buffer
  timescale: number
}): Fragment {
  const samples = readSamples(moof)
  const isReordered = samples.some(({ decodeTime, presentationTime }) => decodeTime !== presentationTime)
  const times = isReordered ? alignDecodeTimes(samples) : samples
  const aligned = samples.map((sample, n) => ({ ...sample, ...times[n]! }))
  const start = times[0]!.decodeTime
  const end = times.at(-1)!.decodeTime + times.at(-1)!.duration
  return {
    startSeconds: start / timescale,
    durationSeconds: (end - start) / timescale,
    data: Buffer.concat([isReordered ? replaceSamples(moof, aligned) : moof, mdat]),
  }
}

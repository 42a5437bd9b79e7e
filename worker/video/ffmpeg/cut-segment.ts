import { MEDIA_TIME_OFFSET_SECONDS } from '@/lib/videos/media-time'
import { readSamples, replaceSamples } from './movie-fragment'
import { boxType, buildBox, childBoxes } from './mp4-boxes'

/** A stored segment with other times, in seconds of the media. */
interface CutSegment {
  startSeconds: number
  durationSeconds: number
  data: Buffer
}

interface Cut {
  /** Of the track. */
  timescale: number
  /** The time that becomes 0. */
  zeroSeconds: number
  /** Only samples that begin from then on. Default: all. For sound, whose samples need no others. */
  startSeconds?: number
  /** Only samples that end before. Default: all. */
  endSeconds?: number
}

/** Of a sample of sound that is cut, so much may be outside. */
const SAMPLE_TOLERANCE_SECONDS = 0.001

/**
 * Moves a stored segment in time, and leaves out the samples that are outside of a range, without decoding it. Null if none
 * is left.
 * @param segment one `moof` with its `mdat`
 */
export function cutSegment(segment: Buffer, { timescale, zeroSeconds, ...limits }: Cut): CutSegment | null {
  const [moof, mdat] = [...childBoxes(buildBox('seg ', segment))]
  if (!moof || !mdat || boxType(moof) !== 'moof' || boxType(mdat) !== 'mdat')
    throw new Error('a stored segment is not one fragment')
  const from = (limits.startSeconds ?? -Infinity) + MEDIA_TIME_OFFSET_SECONDS - SAMPLE_TOLERANCE_SECONDS
  const to = (limits.endSeconds ?? Infinity) + MEDIA_TIME_OFFSET_SECONDS + SAMPLE_TOLERANCE_SECONDS
  const zero = Math.round(zeroSeconds * timescale)
  let at = 8
  const kept = readSamples(moof).flatMap((sample) => {
    const bytes = mdat.subarray(at, at + sample.sizeBytes)
    at += sample.sizeBytes
    const { decodeTime, presentationTime, duration } = sample
    const isInside = decodeTime / timescale >= from && (decodeTime + duration) / timescale <= to
    const moved = {
      ...sample,
      decodeTime: decodeTime - zero,
      presentationTime: presentationTime - zero,
    }
    return isInside ? [{ sample: moved, bytes }] : []
  })
  if (kept.length === 0) return null
  const samples = kept.map(({ sample }) => sample)
  const first = samples[0]!.decodeTime
  const end = samples.at(-1)!.decodeTime + samples.at(-1)!.duration
  return {
    startSeconds: first / timescale - MEDIA_TIME_OFFSET_SECONDS,
    durationSeconds: (end - first) / timescale,
    data: Buffer.concat([replaceSamples(moof, samples), buildBox('mdat', ...kept.map(({ bytes }) => bytes))]),
  }
}

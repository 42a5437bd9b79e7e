import type { Rendition, Segment, Video } from '@/lib/generated/prisma/client'
import { toEnglish } from '@/lib/i18n/format-source'
import { currentKeys } from '@/lib/storage/keys'
import { type ExtraCodec, planExtraLadder, planLadder } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'
import { findProblems } from '@/lib/videos/proof/find-problems'
import type { RenditionCheck } from '@/lib/videos/proof/schema'
import * as messages from '@/lib/generated/messages/rendition-problems'
import { readFiles } from '../media/read-files'
import { NICENESS } from '../process/niceness'
import { SandboxFailure } from '../process/sandbox'
import type { TaskRun } from '../runtime/handler'
import { comparePictures } from './ffmpeg/compare-pictures'
import { measureSoundDelay, SOUND_SAMPLE_SECONDS } from './ffmpeg/measure-sound-delay'

type Run = Pick<TaskRun<{ videoId: string }>, 'context' | 'signal' | 'log'>

export interface CheckOptions {
  video: Pick<Video, 'id' | 'filesId' | 'isCut'>
  rendition: Rendition & { segments: PlacedSegment[] }
  info: MediaInfo
  /** Where the longest rendition of the video ends: the end of a damaged file may not be decodable. */
  endSeconds: number
  sourcePath: string
}
type PlacedSegment = Pick<Segment, 'index' | 'startSeconds' | 'durationSeconds'>
type SampleOptions = CheckOptions & { segment: PlacedSegment; check: RenditionCheck }

/** Where on the timeline samples are taken. */
const SAMPLED_AT = [0.1, 0.5, 0.9]
/** The same picture is above after any compression, another one usually below. */
const MIN_CORRELATION = 0.5

/**
 * Compares samples of a rendition with the source. It has a problem only if all samples have one: where a file is damaged,
 * decoding from another place gives other pictures.
 */
export async function checkRendition(run: Run, options: CheckOptions): Promise<RenditionCheck> {
  const { video, rendition, endSeconds } = options
  const { name, mode, segments, frameRate, extraCodec } = rendition
  const isEncoded = mode === 'encode'
  // Those of another codec are encoded after a trim.
  const hasGrid = isEncoded && (!video.isCut || extraCodec !== null)
  const problems = findProblems({ segments, endSeconds, hasGrid, frameRate })
  const check: RenditionCheck = { name, similarity: [], soundDelays: [], problems }
  // The bytes of a copied picture are those of the source.
  if (mode === 'copy') return check
  const samples = pickSamples(segments)
  const found: string[] = []
  for (const segment of samples) {
    run.signal.throwIfAborted()
    const problem = await checkSample(run, { ...options, segment, check })
    if (problem) found.push(problem)
  }
  if (found.length > 0)
    run.log.warn({ name, problems: found.map(toEnglish) }, 'samples differ from the source')
  if (isEncoded && found.length === samples.length) problems.push(...found)
  return check
}

/** One segment for each place of a sample. */
function pickSamples(segments: PlacedSegment[]) {
  const indexes = new Set(SAMPLED_AT.map((share) => Math.floor(share * segments.length)))
  return segments.filter((_, n) => indexes.has(n))
}

/** Returns what is wrong with a segment, in a sentence. */
async function checkSample(run: Run, options: SampleOptions) {
  try {
    return await (options.rendition.mode === 'encode'
      ? checkPictures(run, options)
      : checkSound(run, options))
  } catch (error) {
    if (error instanceof SandboxFailure && error.reason === 'exit')
      return messages.notComparable({ index: options.segment.index })
    throw error
  }
}

async function checkPictures(
  run: Run,
  { video, rendition, segment, check, info, sourcePath }: SampleOptions,
) {
  const ladder = rendition.extraCodec
    ? planExtraLadder(info, rendition.extraCodec as ExtraCodec)
    : planLadder(info)
  const rung = ladder.encodes.find(({ name }) => name === rendition.name)
  if (!rung) return undefined
  const { startSeconds, durationSeconds, index } = segment
  const isLast = index === rendition.segments.at(-1)!.index
  const { pictures, correlation, ...similarity } = await comparePictures({
    ...readSample(run, { video, name: rendition.name, segment }),
    sourcePath,
    info,
    rung,
    chunk: { startSeconds, endSeconds: isLast ? null : startSeconds + durationSeconds },
  })
  check.similarity.push({ atSeconds: startSeconds, ...similarity })
  const expected = Math.round(durationSeconds * rung.frameRate)
  if (Math.abs(pictures - expected) > 1) return messages.pictureCount({ index, pictures, expected })
  return correlation !== null && correlation < MIN_CORRELATION ? messages.otherPictures({ index }) : undefined
}

async function checkSound(run: Run, { video, rendition, segment, check, info, sourcePath }: SampleOptions) {
  const track = planLadder(info).audio.find(({ name }) => name === rendition.name)
  // The first packet of AAC begins before 0.
  const startSeconds = Math.max(0, segment.startSeconds)
  const endSeconds = startSeconds + SOUND_SAMPLE_SECONDS
  // Elsewhere the source has no sound, and the rendition is silent.
  const isFilled =
    track &&
    startSeconds >= track.startSeconds &&
    endSeconds <=
      Math.min(track.endSeconds ?? info.durationSeconds, segment.startSeconds + segment.durationSeconds)
  if (!isFilled) return undefined
  const sample = readSample(run, { video, name: rendition.name, segment })
  const delaySeconds = await measureSoundDelay({ ...sample, sourcePath, info, track, startSeconds })
  const leadSeconds = startSeconds - segment.startSeconds
  check.soundDelays.push({
    atSeconds: startSeconds,
    delaySeconds: delaySeconds === null ? null : delaySeconds - leadSeconds,
  })
  return undefined
}

function readSample(
  run: Run,
  { video, name, segment }: Pick<SampleOptions, 'video' | 'segment'> & { name: string },
) {
  const keys = currentKeys(video)
  return {
    data: readFiles(run, [keys.init(name), keys.segment(name, segment.index)]),
    signal: run.signal,
    memoryBytes: run.context.config.MEDIA_MEMORY_BYTES,
    niceness: NICENESS.continuation,
  }
}

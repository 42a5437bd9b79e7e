import { isDeepStrictEqual } from 'node:util'
import type { Video } from '@/lib/generated/prisma/client'
import { type Chunk, planChunks, splitOffStart } from '@/lib/videos/chunks'
import { type Ladder, planLadder } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'
import type { TaskRun } from '../runtime/handler'
import { chooseEncoder } from './encoders/choose-encoder'
import { convertedSoundFilters } from './ffmpeg/convert-audio'
import { streamNames } from './ffmpeg/copy-streams'
import { encodeArgs } from './ffmpeg/encode-args'
import { planRenditions } from './store-inspection'

/** The part of the ladder with which a video becomes playable: the copied source or else all encoded renditions, and the sound. */
function planPlayable(info: MediaInfo): Ladder {
  const ladder = planLadder(info)
  return ladder.source ? { ...ladder, encodes: [] } : ladder
}

/** As `planPlayable`, without pictures that hardware encodes: it is fast, and may have to be replaced. */
export async function planSoftwareStart(
  run: Pick<TaskRun<unknown>, 'context' | 'write'>,
  video: Video,
  info: MediaInfo,
): Promise<Ladder> {
  const ladder = planPlayable(info)
  if (ladder.encodes.length === 0) return ladder
  const encoder = await chooseEncoder(run, video)
  return encoder === 'software' ? ladder : { ...ladder, encodes: [] }
}

/** The pieces of the first chunk, without a rest that extends to the end of the file: where that is may not be known yet. */
export const planChunksOfStart = (info: MediaInfo, { encodes }: Pick<Ladder, 'encodes'>) =>
  encodes.length === 0
    ? []
    : splitOffStart(planChunks(info)[0]!, info).filter(({ endSeconds }, n) => n === 0 || endSeconds !== null)

/** Whether the start is encoded in the same way according to two descriptions of a file. */
export const hasSameStart = (a: MediaInfo, b: MediaInfo) =>
  isDeepStrictEqual(describeStart(a), describeStart(b))

const describeStart = (info: MediaInfo) => describe(info, planChunksOfStart(info, planPlayable(info)))

/** Chunks in the first seconds of a file. */
const FIRST_CHUNKS: Chunk[] = [
  { startSeconds: 0, endSeconds: 1 },
  { startSeconds: 1, endSeconds: 4 },
]

/**
 * Whether a file has the same renditions according to two descriptions, of which one knows a part of it, and whether all but
 * the end of them is created in the same way.
 */
export const hasSameRenditions = (a: MediaInfo, b: MediaInfo) =>
  isDeepStrictEqual(describeRenditions(a), describeRenditions(b))

function describeRenditions(info: MediaInfo) {
  const { video } = info
  const endless = { ...info, audio: info.audio.map((track) => ({ ...track, endSeconds: null })) }
  return {
    ...describe(endless, FIRST_CHUNKS),
    renditions: planRenditions(info),
    demuxer: info.demuxer,
    place: video && { index: video.index, startSeconds: video.startSeconds },
    soundStarts: info.audio.map(({ startSeconds }) => startSeconds),
  }
}

function describe(info: MediaInfo, chunks: Chunk[]) {
  const ladder = planPlayable(info)
  const isEncoded = ladder.encodes.length > 0
  return {
    names: streamNames(ladder),
    pictures: isEncoded ? chunks.map((chunk) => encodeArgs({ info, ladder, chunk, threads: 1 })) : [],
    sound: ladder.audio.map((track) => ({
      index: track.index,
      filters: track.isCopyable ? null : convertedSoundFilters(track, info.durationSeconds),
    })),
  }
}

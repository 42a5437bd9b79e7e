import { stat } from 'node:fs/promises'
import type { Tx } from '@/lib/database/db'
import { PermanentError } from '@/lib/errors'
import type { Video } from '@/lib/generated/prisma/client'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { uploadDataFile } from '@/lib/uploads/upload-paths'
import { type Chunk, firstSegmentIndex } from '@/lib/videos/chunks'
import { type Ladder, segmentIndexAt, segmentStartSeconds } from '@/lib/videos/ladder'
import { mediaInfoSchema } from '@/lib/videos/media-info'
import { earlyLookTask } from '@/lib/videos/tasks'
import { loadVideo, removeFilesIfDeleted } from '../media/load-video'
import { NICENESS } from '../process/niceness'
import type { TaskHandler, TaskRun } from '../runtime/handler'
import { withScratchDir } from '../runtime/scratch'
import { copyStreams, streamNames } from './ffmpeg/copy-streams'
import { encodeChunk } from './ffmpeg/encode-chunk'
import { type Prefix, probePrefix } from './ffmpeg/probe-prefix'
import { hasSameRenditions, planSoftwareStart } from './playable-start'
import { receiveStreams } from './receive-streams'
import { createRenditionStore, loadRenditions } from './rendition-store'
import { storeEarlyInfo, storeEarlyPoster } from './store-early-look'

/** One look encodes up to the next multiple, where chunks of the transcode begin, so that looks at other uploads follow soon. */
const CHUNK_SECONDS = 28

/**
 * Creates what can be played of an unfinished upload: the renditions with which it becomes playable, as far as their part of
 * the file has arrived, and a poster. The inspection of the complete file keeps the renditions or removes them.
 */
export const earlyLook: TaskHandler<typeof earlyLookTask> = {
  kind: earlyLookTask,
  async run(run) {
    const { video } = await loadVideo(run)
    try {
      const hasMore = await withScratchDir(run, (outputDir) => look(run, { video, outputDir }))
      return { store: async (tx) => void (hasMore && (await enqueueNext(tx, run, video))) }
    } catch (error) {
      // The inspection judges the complete file.
      if (!(error instanceof PermanentError)) throw error
      run.log.info({ err: error }, 'the received part of an upload cannot be played')
      return {}
    }
  },

  discard: async (run) => void (await removeFilesIfDeleted(run)),
}

type Run = TaskRun<{ videoId: string }>

const enqueueNext = (tx: Tx, { context, payload }: Run, { id, ownerId }: Video) =>
  enqueueTask(tx, context.boss, { kind: earlyLookTask, ownerId, subjectId: id, payload })

/** Returns whether more of what has arrived can be encoded. */
async function look(run: Run, { video, outputDir }: { video: Video; outputDir: string }) {
  const { signal } = run
  const { config, db } = run.context
  const memoryBytes = config.MEDIA_MEMORY_BYTES
  const path = uploadDataFile(video.id)
  // The upload has ended, or is received on another computer.
  if (!(await stat(path).catch(() => null))) return false
  const prefix = await probePrefix({ path, outputDir, signal, memoryBytes })
  if (!prefix) return false
  const { info } = prefix
  const earlier = mediaInfoSchema.nullable().parse(video.earlyInfo)
  if (earlier && !hasSameRenditions(earlier, info)) return false
  const ladder = await planSoftwareStart(run, video, info)
  // Hardware will encode it.
  if (info.video && !ladder.source && ladder.encodes.length === 0) return false
  if (!earlier) await storeEarlyInfo(run, info)
  const names = [...streamNames(ladder), ...ladder.encodes.map(({ name }) => name)]
  const renditions = await loadRenditions(db, { videoId: video.id, names })
  const store = createRenditionStore({ run, video, renditions, durationSeconds: info.durationSeconds })
  const stop = new AbortController()
  let hasProgress = false
  /** What of `received` can be decoded. */
  const optionsFor = ({ sourcePath, playableSeconds }: Prefix) => ({
    ...store,
    // What follows is missing or made up.
    onSegment: async (...[name, segment]: Parameters<typeof store.onSegment>) => {
      const endSeconds = segment.startSeconds + segment.durationSeconds
      if (endSeconds > playableSeconds) return
      hasProgress = true
      await store.onSegment(name, segment)
    },
    sourcePath,
    info,
    ladder,
    signal: AbortSignal.any([signal, stop.signal]),
    threads: config.MEDIA_THREADS,
    niceness: NICENESS.firstLook,
    memoryBytes,
    wallClockMs: config.MEDIA_MAX_HOURS * 3_600_000,
    onProgress: () => undefined,
  })
  const plan = (playableSeconds: number) =>
    planEncoding({ ladder, isStored: store.isStored, playableSeconds })
  const encodeFirst = async () => {
    const { first } = plan(prefix.playableSeconds)
    if (first) await encodeChunk({ ...optionsFor(prefix), chunk: first })
  }
  const copyReceived = async () => {
    const received = await receiveStreams(prefix, { path, outputDir, signal, memoryBytes })
    await copyStreams(optionsFor(received))
    return received
  }
  const start = [copyReceived(), encodeFirst()] as const
  try {
    await Promise.all(start)
  } finally {
    stop.abort(new Error('a program of the look has failed'))
    await Promise.allSettled(start)
  }
  const received = await start[0]
  if (info.video && !video.posterKey) await storeEarlyPoster(run, { ...received, info, outputDir })
  const { rest, hasMore } = plan(received.playableSeconds)
  if (rest)
    await encodeChunk({ ...optionsFor(received), signal, chunk: rest, niceness: NICENESS.continuation })
  // Otherwise another look could not decode more either.
  return hasMore && hasProgress
}

interface PlanOptions {
  ladder: Ladder
  isStored(name: string, index: number): boolean
  playableSeconds: number
}

/** What to encode of the received part: the first segment, then those up to the end of a chunk. */
function planEncoding({ ladder, isStored, playableSeconds }: PlanOptions): {
  first?: Chunk
  rest?: Chunk
  hasMore: boolean
} {
  const isComplete = (index: number) => ladder.encodes.every(({ name }) => isStored(name, index))
  const lastIndex = segmentIndexAt(playableSeconds)
  let index = 0
  while (index < lastIndex && isComplete(index)) index++
  if (index === lastIndex) return { hasMore: false }
  const startSeconds = segmentStartSeconds(Math.max(1, index))
  const boundary = CHUNK_SECONDS * (Math.floor(startSeconds / CHUNK_SECONDS) + 1)
  const endSeconds = Math.min(boundary, segmentStartSeconds(lastIndex))
  const rest = { startSeconds, endSeconds }
  return {
    first: index === 0 ? { startSeconds: 0, endSeconds: segmentStartSeconds(1) } : undefined,
    rest: endSeconds > startSeconds ? rest : undefined,
    hasMore: firstSegmentIndex({ ...rest, startSeconds: endSeconds }) < lastIndex,
  }
}

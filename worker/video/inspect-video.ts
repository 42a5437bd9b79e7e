import { stat } from 'node:fs/promises'
import { extractSubtitlesTask } from '@/lib/captions/tasks'
import type { Tx } from '@/lib/database/db'
import type { Video } from '@/lib/generated/prisma/client'
import { type MediaInfo, mediaInfoSchema } from '@/lib/videos/media-info'
import { isPlayable } from '@/lib/videos/playable'
import { enqueueTask } from '@/lib/tasks/enqueue'
import { currentKeys, videoKeys } from '@/lib/storage/keys'
import { inspectVideoTask } from '@/lib/videos/tasks'
import { FirstWords } from '../captions/first-words'
import type { TaskRun, TaskHandler } from '../runtime/handler'
import { withScratchDir } from '../runtime/scratch'
import { loadVideo, removeFilesIfDeleted, withSourceFile } from '../media/load-video'
import { probeSource } from './ffmpeg/probe-source'
import { FirstLook } from './first-look'
import { hasSameRenditions } from './playable-start'
import {
  countProgress,
  type Inspection,
  planRenditions,
  removeRenditions,
  storeInspection,
} from './store-inspection'

type InspectionRun = TaskRun<{ videoId: string }>

/** Probes the file, creates its chapters and planned renditions, and stores the start of the video. */
export const inspectVideo: TaskHandler<typeof inspectVideoTask> = {
  kind: inspectVideoTask,
  async run(run) {
    const { video } = await loadVideo(run)
    const words = new FirstWords(run)
    const early = await loadEarlyInfo(run, video)
    const isBegun = video.mediaInfo !== null || video.earlyInfo !== null
    if (isBegun && !early) await removeRenditions(run)
    // An earlier inspection may have stored an indexed copy.
    const original = { ...video, indexedBytes: null }
    const { info, chapters, indexedBytes } = await withSourceFile(run, original, (sourcePath) =>
      inspectSource(run, { video, sourcePath, early, words }),
    )
    run.log.info({ info }, 'file probed')
    return {
      result: {
        durationSeconds: info.durationSeconds,
        renditions: planRenditions(info).map(({ name }) => name),
      },
      store: async (tx) => {
        await storeInspection(tx, video.id, { info, chapters })
        if (early) await countProgress(tx, video.id)
        if (info.subtitles.length > 0) await enqueueSubtitleExtraction(tx, run, video)
        if (indexedBytes !== null) await tx.video.update({ where: { id: video.id }, data: { indexedBytes } })
      },
    }
  },

  async discard(run) {
    if (await removeFilesIfDeleted(run)) return
    const { db, storage } = run.context
    const { videoId } = run.payload
    await removeRenditions({ ...run, write: (work) => db.$transaction(work) })
    const unused = await db.video.count({ where: { id: videoId, indexedBytes: null } })
    if (unused > 0) await storage.removeAll(videoKeys(videoId).indexed)
  },
}

/** What the file showed when its renditions were begun, while it was uploaded; null if they are not playable. */
async function loadEarlyInfo(
  { context: { db } }: InspectionRun,
  { id: videoId, earlyInfo, mediaInfo }: Video,
) {
  if (earlyInfo === null || mediaInfo !== null) return null
  const renditions = await db.rendition.findMany({
    where: { videoId },
    include: { segments: { where: { index: 0 } } },
  })
  return isPlayable(renditions) ? mediaInfoSchema.parse(earlyInfo) : null
}

interface Source {
  video: Video
  sourcePath: string
  words: FirstWords
}

/**
 * Probes the source, takes a first look at it unless its renditions are begun, by `early`, and stores its indexed copy if it
 * needs one; `indexedBytes` is null otherwise. Transcribes its first words meanwhile.
 */
const inspectSource = (
  run: InspectionRun,
  { video, sourcePath, early, words }: Source & { early: MediaInfo | null },
) =>
  withScratchDir(run, async (outputDir) => {
    const { signal } = run
    const { storage, config } = run.context
    let look: FirstLook | undefined
    try {
      const { copyPath, ...found } = await probeSource({
        path: sourcePath,
        outputDir,
        signal,
        memoryBytes: config.MEDIA_MEMORY_BYTES,
        onStart(start) {
          if (!early) look = new FirstLook({ run, video, sourcePath }, start)
          void words.begin({ sourcePath, ownerId: video.ownerId, found: start, picture: look?.encoded })
        },
      })
      const hasStart = early ? hasSameRenditions(early, found.info) : await look?.end(found)
      if ((early || look) && !hasStart) await removeRenditions(run)
      if (!hasStart) await lookAtAll(run, { video, sourcePath: copyPath ?? sourcePath, words }, found)
      await words.end(found.info)
      if (!copyPath) return { ...found, indexedBytes: null }
      const { size: indexedBytes } = await stat(copyPath)
      await storage.moveIn(currentKeys(video).indexed, copyPath, { signal })
      return { ...found, indexedBytes }
    } catch (error) {
      await Promise.all([look?.cancel(), words.cancel()])
      if (!signal.aborted) await removeRenditions(run)
      throw error
    }
  })

/** Takes a first look at a file that is read to its end. */
async function lookAtAll(run: InspectionRun, { words, ...source }: Source, inspection: Inspection) {
  const { video, sourcePath } = source
  const found = Promise.resolve(inspection)
  const look = new FirstLook({ run, ...source }, found)
  void words.begin({ sourcePath, ownerId: video.ownerId, found, picture: look.encoded })
  const isComplete = await look.end(inspection)
  run.signal.throwIfAborted()
  if (!isComplete) await removeRenditions(run)
}

/** Starts with the other dependents of the inspection. */
const enqueueSubtitleExtraction = (tx: Tx, run: Pick<TaskRun<unknown>, 'context' | 'taskId'>, video: Video) =>
  enqueueTask(tx, run.context.boss, {
    kind: extractSubtitlesTask,
    ownerId: video.ownerId,
    subjectId: video.id,
    payload: { videoId: video.id },
    parentId: run.taskId,
  })

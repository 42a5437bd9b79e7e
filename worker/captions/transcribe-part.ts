import type { CaptionPart } from '@/lib/captions/plan-parts'
import type { Caption } from '@/lib/generated/prisma/client'
import { readAhead } from '@/lib/concurrency/read-ahead'
import type { captionPartTask } from '@/lib/captions/tasks'
import type { PayloadOf } from '@/lib/tasks/task-kind'
import type { MediaInfo } from '@/lib/videos/media-info'
import type { TaskRun } from '../runtime/handler'
import { readAudioChunks } from './audio-chunks'
import { type GeneratedCue, buildCues } from './build-cues'
import { createCaptionProgress } from './caption-progress'
import { findDetectedLanguage } from './detected-language'
import { storeChunkCues } from './store-chunk-cues'
import { SessionPool } from './session-pool'
import type { Transcriber } from './transcriber'

/** Chunks of silence are stored together, up to this duration. */
const MAX_UNSTORED_SILENCE_SECONDS = 60

export type PartRun = TaskRun<PayloadOf<typeof captionPartTask>>

interface Options {
  sourcePath: string
  info: MediaInfo
  track: Caption
  transcriber: Transcriber
  threads: number
  niceness: number
}

/** Of this worker. */
const sessions = new SessionPool()

/**
 * Transcribes a part of a video from the end of its stored chunks on and stores each chunk.
 * @throws {CaptionDeleted}
 */
export async function transcribePart(
  run: PartRun,
  { track, transcriber, sourcePath, info, threads, niceness }: Options,
) {
  const { config, db } = run.context
  const { translate, startSeconds, endSeconds } = run.payload
  const progress = createCaptionProgress({ run, part: run.payload, durationSeconds: info.durationSeconds })
  run.report({ stage: `Starting ${transcriber.title}` })
  const resumeSeconds = await findResumePosition(run)
  let language = run.payload.language ?? (await findDetectedLanguage(db, track))
  // Decodes while the model is loaded.
  const chunks = readAhead(
    readAudioChunks({
      sourcePath,
      info,
      part: { startSeconds, endSeconds },
      resumeSeconds,
      filter: transcriber.audioFilter,
      niceness,
      signal: run.signal,
      memoryBytes: config.MEDIA_MEMORY_BYTES,
      wallClockMs: config.MEDIA_MAX_HOURS * 3_600_000,
    }),
  )
  const settings = { threads, niceness, memoryBytes: config.CAPTION_MEMORY_BYTES }
  const { scratchDir } = run.context
  try {
    await sessions.use(
      {
        transcriber,
        captionId: track.id,
        isKept: startSeconds > 0,
        settings,
        scratchDir,
        signal: run.signal,
      },
      async (session) => {
        let unstored: { startSeconds: number; endSeconds: number } | undefined
        const store = async (cues: readonly GeneratedCue[]) => {
          const chunk = {
            captionId: track.id,
            ...unstored!,
            cues,
            language: translate ? undefined : language,
          }
          unstored = undefined
          const detected = await run.write((tx) => storeChunkCues(tx, chunk))
          // Another part may have been the first to detect it.
          language = run.payload.language ?? detected ?? language
        }
        for await (const { samples, ...chunk } of chunks) {
          progress.startChunk()
          const transcription = await session.transcribe({ samples, language, isTranslated: translate })
          language ??= transcription.language ?? undefined
          const cues = buildCues(transcription.phrases, chunk)
          progress.finishChunk(chunk)
          unstored = {
            startSeconds: unstored?.startSeconds ?? chunk.startSeconds,
            endSeconds: chunk.endSeconds,
          }
          const isLongSilence = unstored.endSeconds - unstored.startSeconds >= MAX_UNSTORED_SILENCE_SECONDS
          if (cues.length > 0 || isLongSilence) await store(cues)
        }
        if (unstored) await store([])
        run.log.info({ peakMemoryBytes: session.peakMemoryBytes() }, 'part recognized')
      },
    )
  } finally {
    await chunks.close()
  }
}

/** The end of the chunks of the part that an earlier run stored; undefined if it stored none. */
async function findResumePosition({ payload, context }: PartRun) {
  const { captionId, startSeconds, endSeconds } = payload satisfies CaptionPart
  const last = await context.db.captionChunk.findFirst({
    where: { captionId, startSeconds: { gte: startSeconds, lt: endSeconds ?? undefined } },
    orderBy: { startSeconds: 'desc' },
  })
  return last?.endSeconds
}

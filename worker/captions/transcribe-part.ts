import type { CaptionPart } from '@/lib/captions/plan-parts'
import type { Caption } from '@/lib/generated/prisma/client'
import { mapInOrder } from '@/lib/concurrency/map-in-order'
import { readAhead } from '@/lib/concurrency/read-ahead'
import type { captionPartTask } from '@/lib/captions/tasks'
import type { PayloadOf } from '@/lib/tasks/task-kind'
import type { MediaInfo } from '@/lib/videos/media-info'
import * as messages from '@/lib/generated/messages/caption-tasks'
import type { WorkerContext } from '../context'
import { NICENESS } from '../process/niceness'
import type { TaskRun } from '../runtime/handler'
import type { AudioChunk } from './audio-buffer'
import { readAudioChunks } from './audio-chunks'
import { type GeneratedCue, buildCues } from './build-cues'
import { createCaptionProgress } from './caption-progress'
import { storeChunkCues } from './store-chunk-cues'
import { SessionPool } from './session-pool'
import type { Transcriber, TranscriberSession } from './transcriber'

/** Chunks of silence are stored together, up to this duration. */
const MAX_UNSTORED_SILENCE_SECONDS = 60

export type PartRun = TaskRun<PayloadOf<typeof captionPartTask>>

export interface PartAudio {
  sourcePath: string
  info: MediaInfo
  threads: number
  niceness: number
}

interface Options extends PartAudio {
  track: Caption
  transcriber: Transcriber
  /** Default: detected. */
  language?: string
}

/** Of this worker. */
const sessions = new SessionPool()

/**
 * Transcribes a part of a video from the end of its stored chunks on and stores each chunk.
 * @throws {CaptionDeleted}
 */
export async function transcribePart(run: PartRun, { track, transcriber, ...options }: Options) {
  const { translate, startSeconds } = run.payload
  const { durationSeconds } = options.info
  const progress = createCaptionProgress({ run, part: run.payload, durationSeconds })
  run.report({ stage: messages.startingEngine({ title: transcriber.title }) })
  const resumeSeconds = await findResumePosition(run)
  let { language } = options
  const chunks = readPartAudio(run, { ...options, resumeSeconds, filter: transcriber.audioFilter })
  try {
    await useSession(run, { ...options, track, transcriber, isKept: startSeconds > 0 }, async (session) => {
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
      let before: Promise<unknown> = Promise.resolve()
      const transcribe = ({ samples, ...chunk }: AudioChunk) => {
        const previous = before
        const result = (async () => {
          // All chunks are in the language that is detected in the first ones.
          if (!language) await previous
          const transcription = await session.transcribe({ samples, language, isTranslated: translate })
          language ??= transcription.language ?? undefined
          return { ...chunk, cues: buildCues(transcription.phrases, chunk) }
        })()
        before = result
        return result
      }
      progress.start()
      for await (const { cues, ...chunk } of mapInOrder(chunks, { limit: session.lanes, map: transcribe })) {
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
    })
  } finally {
    await chunks.close()
  }
}

/** Decodes the audio of a part while the model is loaded. */
export function readPartAudio(
  { payload: { startSeconds, endSeconds }, context: { config }, signal }: PartRun,
  { sourcePath, info, niceness, ...more }: PartAudio & { resumeSeconds?: number; filter?: string },
) {
  return readAhead(
    readAudioChunks({
      sourcePath,
      info,
      part: { startSeconds, endSeconds },
      resumeSeconds: more.resumeSeconds,
      filter: more.filter,
      niceness,
      signal,
      memoryBytes: config.MEDIA_MEMORY_BYTES,
      wallClockMs: config.MEDIA_MAX_HOURS * 3_600_000,
    }),
  )
}

/** The share of this computer that a part gets: the first one of a video has all that captions may use. */
export const partResources = (
  { CAPTION_THREADS, CAPTION_CONCURRENCY }: WorkerContext['config'],
  part: 'first' | 'further',
) =>
  part === 'first'
    ? { threads: CAPTION_THREADS * CAPTION_CONCURRENCY, niceness: NICENESS.firstWords }
    : { threads: CAPTION_THREADS, niceness: NICENESS.continuation }

/** Opens a session in advance, for the first part of a video. */
export function prepareSession({ config, scratchDir }: WorkerContext, transcriber: Transcriber) {
  const settings = { ...partResources(config, 'first'), memoryBytes: config.CAPTION_MEMORY_BYTES }
  sessions.prepare({ transcriber, settings, scratchDir })
}

/** Runs `work` with a session of the transcriber for the track. */
export function useSession<T>(
  { context: { config, scratchDir }, signal }: PartRun,
  { track, transcriber, isKept, threads, niceness }: Options & { isKept: boolean },
  work: (session: TranscriberSession) => Promise<T>,
) {
  const settings = { threads, niceness, memoryBytes: config.CAPTION_MEMORY_BYTES }
  return sessions.use({ transcriber, captionId: track.id, isKept, settings, scratchDir, signal }, work)
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

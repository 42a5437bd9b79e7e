import type { Caption } from '@/lib/generated/prisma/client'
import type { MediaInfo } from '@/lib/videos/media-info'
import { isAwaited, TIME_SLICE_MS, yieldToOthers } from '../runtime/yield'
import { readAudioChunks } from './audio-chunks'
import { type GeneratedCue, buildCues } from './build-cues'
import { createCaptionProgress } from './caption-progress'
import type { CaptionRun } from './open-track'
import { storeChunkCues } from './store-chunk-cues'
import type { Transcriber } from './transcriber'

/** Chunks of silence are stored together, up to this duration. */
const MAX_UNSTORED_SILENCE_SECONDS = 60
/** With less than this remaining, finishing is faster than resuming later. */
const NEARLY_DONE_SECONDS = 60

interface Options {
  sourcePath: string
  info: MediaInfo
  track: Caption
  /** The spoken language (BCP 47). Default: detected. */
  language?: string
  transcriber: Transcriber
  scratchDir: string
}

/**
 * Transcribes a video from the end of the stored chunks on and stores each chunk.
 * @throws {CaptionDeleted}, or {RetryLater} to yield to another task
 */
export async function transcribeAudio(
  run: CaptionRun,
  { track, transcriber, scratchDir, sourcePath, info, ...options }: Options,
) {
  const { config } = run.context
  const { translate } = run.payload
  const progress = createCaptionProgress({ run, durationSeconds: info.durationSeconds })
  run.report({ stage: `Starting ${transcriber.title}` })
  const session = await transcriber.open({
    signal: run.signal,
    threads: config.CAPTION_THREADS,
    memoryBytes: config.CAPTION_MEMORY_BYTES,
    scratchDir,
  })
  const startedAt = Date.now()
  // A detected language applies to the whole video.
  let { language } = options
  try {
    const chunks = readAudioChunks({
      sourcePath,
      info,
      fromSeconds: track.doneSeconds,
      filter: transcriber.audioFilter,
      signal: run.signal,
      memoryBytes: config.MEDIA_MEMORY_BYTES,
      wallClockMs: config.MEDIA_MAX_HOURS * 3_600_000,
    })
    let storedSeconds = track.doneSeconds
    let doneSeconds = storedSeconds
    const store = async (cues: readonly GeneratedCue[]) => {
      const chunk = { startSeconds: storedSeconds, endSeconds: doneSeconds, cues }
      const detected = translate ? undefined : language
      await run.write((tx) => storeChunkCues(tx, { captionId: track.id, language: detected, ...chunk }))
      storedSeconds = doneSeconds
    }
    for await (const { samples, ...chunk } of chunks) {
      progress.startChunk()
      const transcription = await session.transcribe({ samples, language, isTranslated: translate })
      language ??= transcription.language ?? undefined
      const cues = buildCues(transcription.phrases, chunk)
      progress.finishChunk(chunk)
      doneSeconds = chunk.endSeconds
      if (cues.length === 0 && doneSeconds - storedSeconds < MAX_UNSTORED_SILENCE_SECONDS) continue
      await store(cues)
      if (info.durationSeconds - doneSeconds < NEARLY_DONE_SECONDS) continue
      const isSliceUsed = Date.now() - startedAt > TIME_SLICE_MS
      if (await isAwaited({ run, isUnstarted: !isSliceUsed })) await yieldToOthers(run)
    }
    if (doneSeconds > storedSeconds) await store([])
  } finally {
    run.log.info({ peakMemoryBytes: session.peakMemoryBytes() }, 'transcription stopped')
    await session.close()
  }
}

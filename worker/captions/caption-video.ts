import type { Caption } from '@/lib/generated/prisma/client'
import { captionVideoTask } from '@/lib/captions/tasks'
import { UNKNOWN_LANGUAGE } from '@/lib/captions/label'
import type { PayloadOf } from '@/lib/tasks/task-kind'
import type { TaskOutcome, TaskRun, TaskHandler } from '../runtime/handler'
import { withScratchDir } from '../runtime/scratch'
import { loadInspectedVideo } from '../media/load-video'
import { type TranscriberChoice, chooseTranscriber } from './choose-transcriber'
import { createCaptionProgress } from './caption-progress'
import { type GeneratedCue, buildCues } from './build-cues'
import { CaptionDeleted, storeChunkCues } from './store-chunk-cues'
import { readAudioChunks } from './audio-chunks'
import { yieldToOthers, shouldYield } from './yield'

type CaptionRun = TaskRun<PayloadOf<typeof captionVideoTask>>

/** Listens to a video and writes down what is said, a stretch at a time; goes on behind the last one stored. */
export const captionVideo: TaskHandler<typeof captionVideoTask> = {
  kind: captionVideoTask,
  async run(run) {
    const { video, sourcePath, info } = await loadInspectedVideo(run)
    if (info.audio.length === 0) return createNoAudioOutcome(run)
    const choice = await chooseTranscriber({
      config: run.context.config,
      request: run.payload,
      signal: run.signal,
      onStage: (stage) => run.report({ stage }),
    })
    const track = await openTrack(run, { ownerId: video.ownerId, choice })
    run.log.info(
      { engine: choice.transcriber.title, reason: choice.reason, fromSeconds: track.doneSeconds },
      'listening',
    )
    try {
      await withScratchDir(run, (scratchDir) =>
        transcribeAudio(run, { sourcePath, info, track, scratchDir, ...choice }),
      )
    } catch (error) {
      if (error instanceof CaptionDeleted) return { result: { deleted: true } }
      throw error
    }
    return finishTrack(run, { track, choice, durationSeconds: info.durationSeconds })
  },
}

/** The track of this task: asked for by a person, begun by an earlier run, or new. */
async function openTrack(
  run: CaptionRun,
  { ownerId, choice }: { ownerId: string; choice: TranscriberChoice },
) {
  const { videoId, language, translate } = run.payload
  const { name, model, isLowAccuracy, languages } = choice.transcriber
  const known = translate ? 'en' : (language ?? (languages?.length === 1 ? languages[0] : undefined))
  const told = { engine: name, model, isLowAccuracy, note: choice.reason, state: 'in_progress' } as const
  return run.write(async (tx) => {
    const earlier = await tx.caption.findFirst({ where: { taskId: run.taskId } })
    const track = earlier
      ? await tx.caption.update({
          where: { id: earlier.id },
          data: { ...told, language: earlier.language === UNKNOWN_LANGUAGE ? known : undefined },
        })
      : await tx.caption.create({
          data: {
            ...told,
            ownerId,
            videoId,
            taskId: run.taskId,
            language: known ?? UNKNOWN_LANGUAGE,
            source: 'speech',
            isTranslation: translate,
          },
        })
    await tx.video.update({ where: { id: videoId }, data: { version: 0 } })
    return track
  })
}

/** Silence is written down together, this much at once. */
const MAX_UNSTORED_SILENCE_SECONDS = 60

type TranscribeOptions = Omit<
  Parameters<typeof readAudioChunks>[0],
  'fromSeconds' | 'signal' | 'memoryBytes' | 'wallClockMs'
> &
  TranscriberChoice & { track: Caption; scratchDir: string }

async function transcribeAudio(
  run: CaptionRun,
  { track, transcriber, scratchDir, sourcePath, info }: TranscribeOptions,
) {
  const { config } = run.context
  const { translate } = run.payload
  const progress = createCaptionProgress({
    run,
    fromSeconds: track.doneSeconds,
    durationSeconds: info.durationSeconds,
  })
  run.report({ stage: `Starting ${transcriber.title}` })
  const listener = await transcriber.open({
    signal: run.signal,
    threads: config.CAPTION_THREADS,
    memoryBytes: config.CAPTION_MEMORY_BYTES,
    scratchDir,
  })
  const startedAt = Date.now()
  // A language that was found out once is that of the whole video.
  let language =
    run.payload.language ?? (translate || track.language === UNKNOWN_LANGUAGE ? undefined : track.language)
  try {
    const stretches = readAudioChunks({
      sourcePath,
      info,
      fromSeconds: track.doneSeconds,
      filter: transcriber.audioFilter,
      signal: run.signal,
      memoryBytes: config.MEDIA_MEMORY_BYTES,
      wallClockMs: config.MEDIA_MAX_HOURS * 3_600_000,
    })
    let storedTo = track.doneSeconds
    let heardTo = storedTo
    const store = async (cues: readonly GeneratedCue[]) => {
      const stretch = { startSeconds: storedTo, endSeconds: heardTo, cues }
      const found = translate ? undefined : language
      await run.write((tx) => storeChunkCues(tx, { captionId: track.id, language: found, ...stretch }))
      storedTo = heardTo
    }
    for await (const { samples, ...stretch } of stretches) {
      progress.begin()
      const heard = await listener.transcribe({ samples, language, isTranslated: translate })
      language ??= heard.language ?? undefined
      const cues = buildCues(heard.phrases, stretch.startSeconds)
      progress.done(stretch)
      heardTo = stretch.endSeconds
      if (cues.length === 0 && heardTo - storedTo < MAX_UNSTORED_SILENCE_SECONDS) continue
      await store(cues)
      const leftSeconds = info.durationSeconds - heardTo
      if (await shouldYield({ run, startedAt, leftSeconds })) await yieldToOthers(run)
    }
    if (heardTo > storedTo) await store([])
  } finally {
    run.log.info({ peakMemoryBytes: listener.peakMemoryBytes() }, 'listened')
    await listener.close()
  }
}

async function finishTrack(
  run: CaptionRun,
  { track, choice, durationSeconds }: { track: Caption; choice: TranscriberChoice; durationSeconds: number },
): Promise<TaskOutcome> {
  const cues = await run.context.db.captionCue.count({ where: { captionId: track.id, isRemoved: false } })
  const silence = `${choice.transcriber.title} detected no speech.`
  return {
    result: { captionId: track.id, cues, engine: choice.transcriber.name },
    store: async (tx) => {
      const data = { doneSeconds: durationSeconds, note: cues > 0 ? choice.reason : silence }
      await tx.caption.updateMany({ where: { id: track.id }, data })
    },
  }
}

/** A video without sound gets no track, unless somebody asked for one, which then says why it is empty. */
const createNoAudioOutcome = (run: CaptionRun): TaskOutcome => ({
  result: { cues: 0, reason: 'This video has no audio.' },
  store: async (tx) => {
    const data = { note: 'This video has no audio.' }
    await tx.caption.updateMany({ where: { taskId: run.taskId }, data })
  },
})

import { captionVideoTask, type SkippedCaptions } from '@/lib/captions/tasks'
import type { Caption } from '@/lib/generated/prisma/client'
import { loadInspectedVideo, withSourceFile } from '../media/load-video'
import type { TaskHandler, TaskOutcome } from '../runtime/handler'
import { withScratchDir } from '../runtime/scratch'
import { chooseTranscriber, type ChosenTranscriber } from './choose-transcriber'
import { type CaptionRun, describeTranscriber, findDetectedLanguage, openTrack } from './open-track'
import { CaptionDeleted, publishDrafts } from './store-chunk-cues'
import { transcribeAudio } from './transcribe-audio'

/** Transcribes a video chunk by chunk into a caption track; resumes after the last stored chunk. */
export const captionVideo: TaskHandler<typeof captionVideoTask> = {
  kind: captionVideoTask,
  async run(run) {
    const { video, info } = await loadInspectedVideo(run)
    if (info.audio.length === 0) return skipCaptions(run, 'noAudio', NO_AUDIO_NOTE)
    const choice = await chooseTranscriber({
      config: run.context.config,
      request: run.payload,
      signal: run.signal,
      onStage: (stage) => run.report({ stage }),
    })
    if (!choice.transcriber) {
      run.log.warn({ reason: choice.reason }, 'no speech model')
      return skipCaptions(run, 'off', choice.reason)
    }
    const { transcriber } = choice
    const { track, language } = await openTrack(run, { ownerId: video.ownerId, choice })
    run.log.info(
      { engine: transcriber.title, reason: choice.reason, fromSeconds: track.doneSeconds },
      'transcription started',
    )
    try {
      await withSourceFile(run, video, (sourcePath) =>
        withScratchDir(run, (scratchDir) =>
          transcribeAudio(run, { sourcePath, info, track, language, scratchDir, transcriber }),
        ),
      )
    } catch (error) {
      if (error instanceof CaptionDeleted) return { result: { deleted: true } }
      throw error
    }
    return finishTrack(run, { track, choice, durationSeconds: info.durationSeconds })
  },
}

async function finishTrack(
  run: CaptionRun,
  { track, choice, durationSeconds }: { track: Caption; choice: ChosenTranscriber; durationSeconds: number },
): Promise<TaskOutcome> {
  const { db } = run.context
  const { id, isReplacing } = track
  const drafts = await db.captionChunk.findMany({ where: { captionId: id }, select: { cues: true } })
  const cues = isReplacing
    ? drafts.reduce((sum, draft) => sum + (draft.cues as unknown[]).length, 0)
    : await db.captionCue.count({ where: { captionId: id, isRemoved: false } })
  const { name, title } = choice.transcriber
  const note = cues > 0 ? choice.reason : `${title} detected no speech.`
  return {
    result: { captionId: id, cues, engine: name, isBackground: run.payload.isBackground },
    store: async (tx) => {
      const data = { doneSeconds: durationSeconds, note }
      if (!isReplacing) return void (await tx.caption.updateMany({ where: { id }, data }))
      const language = track.isTranslation ? undefined : await findDetectedLanguage(tx, track)
      const about = { ...describeTranscriber(choice), ...data, language: run.payload.language ?? language }
      await publishDrafts(tx, id, about)
    },
  }
}

const NO_AUDIO_NOTE = 'This video has no audio.'

/** Creates no track. A track that a user requested gets a note on why it is empty; one with cues remains as it was. */
function skipCaptions(run: CaptionRun, skipped: SkippedCaptions['skipped'], reason: string): TaskOutcome {
  const result: SkippedCaptions = { cues: 0, skipped, reason }
  return {
    result: { ...result },
    store: async (tx) => {
      const where = { taskId: run.taskId }
      await tx.caption.updateMany({ where: { ...where, isReplacing: false }, data: { note: reason } })
      await tx.caption.updateMany({ where: { ...where, isReplacing: true }, data: { isReplacing: false } })
    },
  }
}

import { type CaptionPart, captionPartSeconds } from '@/lib/captions/plan-parts'
import * as messages from '@/lib/generated/messages/caption-tasks'
import type { TaskRun } from '../runtime/handler'

/** Reports the progress of the transcription of a part: share, and speed as a multiple of real time. */
export function createCaptionProgress(options: {
  run: Pick<TaskRun<unknown>, 'report'>
  part: CaptionPart
  durationSeconds: number
}) {
  const { run, part, durationSeconds } = options
  let transcribedSeconds = 0
  let startedAt = 0
  const partSeconds = captionPartSeconds(part, durationSeconds)
  const share = (seconds: number) => Math.min(0.99, Math.max(0, (seconds - part.startSeconds) / partSeconds))
  return {
    start: () => {
      startedAt = performance.now()
    },
    finishChunk({ startSeconds, endSeconds }: { startSeconds: number; endSeconds: number }) {
      transcribedSeconds += endSeconds - startSeconds
      const speed = (1000 * transcribedSeconds) / Math.max(1, performance.now() - startedAt)
      run.report({
        stage: messages.transcribing(),
        progress: share(endSeconds),
        detail: { speed },
      })
    },
  }
}

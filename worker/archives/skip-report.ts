import type { AppError } from '@/lib/errors'
import type { TaskRun } from '../runtime/handler'

/** What an import leaves out, for its result and the log of its task. */
export type SkipReport = ReturnType<typeof createSkipReport>

export function createSkipReport({ log }: Pick<TaskRun<unknown>, 'log'>) {
  const counts = { skippedVideos: 0, skippedCaptions: 0 }
  return {
    counts,
    addVideo(title: string) {
      counts.skippedVideos++
      log.warn({ title }, 'skipped a video of which the archive has no file')
    },
    addCaptions(path: string, error: AppError) {
      counts.skippedCaptions++
      log.warn({ path, reason: error.messageIn('en') }, 'skipped captions of the archive')
    },
  }
}

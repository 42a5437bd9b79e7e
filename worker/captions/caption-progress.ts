import type { TaskRun } from '../runtime/handler'

/** What a person sees while it listens: share, time left, and how many times faster than the video it is. */
export function createCaptionProgress(options: {
  run: Pick<TaskRun<unknown>, 'report'>
  fromSeconds: number
  durationSeconds: number
}) {
  const { run, durationSeconds } = options
  let workedMs = 0
  let heardSeconds = 0
  let beganAt = 0
  const share = (seconds: number) => Math.min(0.99, Math.max(0, seconds / durationSeconds))
  return {
    begin: () => {
      beganAt = performance.now()
    },
    done({ startSeconds, endSeconds }: { startSeconds: number; endSeconds: number }) {
      workedMs += performance.now() - beganAt
      heardSeconds += endSeconds - startSeconds
      const speed = heardSeconds / Math.max(0.001, workedMs / 1000)
      run.report({
        stage: 'Transcribing',
        progress: share(endSeconds),
        etaSeconds: Math.max(0, durationSeconds - endSeconds) / speed,
        detail: { speed },
      })
    },
  }
}

interface RunningTask {
  id: string
  progress: number
  elapsedSeconds: number
}

/**
 * Returns a function that is called with the unfinished tasks every second, and returns by id for how long each had run when
 * its progress was reported: some kinds report it after each of a few large steps.
 */
export function createProgressClock() {
  let known = new Map<string, { progress: number; seconds: number }>()
  return (tasks: readonly RunningTask[]) => {
    known = new Map(
      tasks.map(({ id, progress, elapsedSeconds }) => {
        const before = known.get(id)
        const isOld = before?.progress === progress && before.seconds <= elapsedSeconds
        return [id, isOld ? before : { progress, seconds: elapsedSeconds }]
      }),
    )
    return new Map([...known].map(([id, { seconds }]) => [id, seconds]))
  }
}

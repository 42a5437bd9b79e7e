import type { WorkerContext } from './context'
import type { TaskHandler } from './handler'
import { runTask } from './run-task'
import type { RunningTasks } from './running-tasks'

/** Takes the jobs of every handler's queue from now on, as many at once as its kind allows. */
export async function consume(given: {
  context: WorkerContext
  handlers: readonly TaskHandler[]
  running: RunningTasks
}) {
  for (const handler of given.handlers) {
    const { concurrency } = handler.kind.queue
    for (let slot = 0; slot < concurrency; slot++) await openSlot({ ...given, handler })
  }
}

async function openSlot(given: { context: WorkerContext; handler: TaskHandler; running: RunningTasks }) {
  const { boss } = given.context
  const options = {
    includeMetadata: true,
    batchSize: 1,
    // NOTIFY fires for new jobs only; retried, rescued and delayed ones are found by polling.
    pollingIntervalSeconds: 2,
    notifyPollingIntervalSeconds: 2,
  } as const
  const slot = await boss.work<{ taskId: string }, void, typeof options>(
    given.handler.kind.name,
    options,
    async ([job]) => {
      try {
        if (job) await runTask({ ...given, job })
      } finally {
        // Otherwise it would look for the next one only when its polling interval is over.
        boss.notifyWorker(slot)
      }
    },
  )
}

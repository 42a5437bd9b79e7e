import type { WorkerContext } from './context'
import type { TaskHandler } from './handler'
import { runTask } from './run-task'
import type { RunningTasks } from './running-tasks'

/** A queue that one worker takes jobs from, `slots` at once. */
export interface Queue {
  name: string
  slots: number
}

interface Given {
  context: WorkerContext
  /** By the name of their kind. */
  handlers: ReadonlyMap<string, TaskHandler>
  running: RunningTasks
}

/** Takes the jobs of `queues` from now on. */
export async function consume({ queues, ...given }: Given & { queues: readonly Queue[] }) {
  for (const { name, slots } of queues) for (let slot = 0; slot < slots; slot++) await openSlot(given, name)
}

/** The queues of kinds that any worker may do: each its own, as many at once as the kind allows. */
export const sharedQueues = (handlers: Given['handlers']): Queue[] =>
  [...handlers.values()]
    .filter(({ kind }) => !kind.queue.lane)
    .map(({ kind }) => ({ name: kind.name, slots: kind.queue.concurrency }))

async function openSlot(given: Given, queue: string) {
  const { boss } = given.context
  const options = {
    includeMetadata: true,
    batchSize: 1,
    // NOTIFY fires for new jobs only; retried, rescued and delayed ones are found by polling.
    pollingIntervalSeconds: 2,
    notifyPollingIntervalSeconds: 2,
  } as const
  const slot = await boss.work<{ taskId: string; kind?: string }, void, typeof options>(
    queue,
    options,
    async ([job]) => {
      try {
        // Jobs of an earlier version name no kind: theirs is the queue's.
        const handler = job && given.handlers.get(job.data.kind ?? queue)
        if (job && !handler) throw new Error(`no handler for ${job.data.kind}`)
        if (job && handler) await runTask({ ...given, handler, job })
      } finally {
        // Otherwise it would look for the next one only when its polling interval is over.
        boss.notifyWorker(slot)
      }
    },
  )
}

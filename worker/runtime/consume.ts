import type { JobWithMetadata } from 'pg-boss'
import { log } from '@/lib/log'
import { readPausedQueues } from '@/lib/queues/pause'
import type { WorkerContext } from '../context'
import type { TaskHandler } from './handler'
import { runTask } from './run-task'
import type { RunningTasks } from './running-tasks'
import { type QueueJob, Slot } from './slot'
import { waitForRateLimit } from './rate-limit'

/** A queue that one worker takes jobs from, `slots` at once. */
export interface Queue {
  name: string
  slots: number
}

interface Deps {
  context: WorkerContext
  /** By the name of their kind. */
  handlers: ReadonlyMap<string, TaskHandler>
  running: RunningTasks
}

/** Takes the jobs of `queues` from now on, but of those that are paused. A pause is heard of within half a second. */
export async function consumeQueues({ queues, ...given }: Deps & { queues: readonly Queue[] }) {
  const { boss, db } = given.context
  const slots = queues.flatMap(({ name, slots: count }) =>
    Array.from({ length: count }, () => {
      const slot = new Slot({ boss, queue: name, work: (job) => processJob(given, name, job) })
      return { name, slot }
    }),
  )
  const turn = async () => {
    const paused = await readPausedQueues(db)
    for (const { name, slot } of slots) slot.isOpen = !paused.has(name)
  }
  await turn()
  await Promise.all(slots.map(({ slot }) => slot.settled))
  given.running.onPoll(turn)
}

/** The queues of kinds that any worker may do: each its own, as many at once as the kind allows. */
export const sharedQueues = (handlers: Deps['handlers']): Queue[] =>
  [...handlers.values()]
    .filter(({ kind }) => !kind.queue.hostQueue)
    .map(({ kind }) => ({ name: kind.name, slots: kind.queue.concurrency }))

async function processJob(given: Deps, queue: string, job: QueueJob) {
  // Jobs of an earlier version name no kind: theirs is the queue's.
  const handler = given.handlers.get(job.data.kind ?? queue)
  if (!handler) throw new Error(`no handler for ${job.data.kind}`)
  const { startsPerSecond } = handler.kind.queue
  const { db } = given.context
  if (startsPerSecond)
    await waitForRateLimit(db, { queue, startsPerSecond, signal: given.running.shutdownSignal })
  await runTask({ ...given, handler, job: job as JobWithMetadata<QueueJob['data']> })
  await handler
    .beforeNext?.(given.context, given.running.shutdownSignal)
    .catch((error: unknown) => log.debug({ err: error, queue }, 'did not wait for the next turn'))
}

import type { JobWithMetadata } from 'pg-boss'
import { log } from '@/lib/log'
import { readPausedQueues } from '@/lib/queues/pause'
import type { WorkerContext } from '../context'
import { returnJob } from './complete'
import type { TaskHandler } from './handler'
import { Intake } from './intake'
import { acquirePermit, queuePermitRow } from './rate-limit'
import { takeOverSlowPart } from './take-over'
import { runTask } from './run-task'
import type { RunningTasks } from './running-tasks'
import { type QueueJob, Slot } from './slot'

/** A queue of which one worker processes up to `slots` jobs concurrently. */
export interface Queue {
  name: string
  slots: number
  usesStorage?: boolean
}

/** Until a worker that knows the kind may have started on this host. */
const UNKNOWN_KIND_DELAY_SECONDS = 30
const TAKE_OVER_INTERVAL_MS = 5_000
/** Until the slots of this worker are closed. */
const CLOSED_DELAY_SECONDS = 2

interface Deps {
  context: WorkerContext
  /** By kind name. */
  handlers: ReadonlyMap<string, TaskHandler>
  running: RunningTasks
  /** Default: takes from all queues. */
  intake?: Intake
}

/**
 * Starts consuming jobs from `queues`, except from paused ones and those closed by `intake`. A change takes effect within
 * a second.
 */
export async function consumeQueues({ queues, ...deps }: Deps & { queues: readonly Queue[] }) {
  const { boss, db } = deps.context
  const { intake = new Intake() } = deps
  for (const queue of queues) intake.add(queue)
  const slots = queues.flatMap(({ name, slots: count }) =>
    Array.from({ length: count }, () => {
      const slot = new Slot({ boss, queue: name, work: (job) => processJob(deps, name, job) })
      return { name, slot }
    }),
  )
  const applyPauses = async () => {
    const paused = await readPausedQueues(db)
    for (const { name, slot } of slots) slot.isOpen = intake.isOpen(name) && !paused.has(name)
  }
  await applyPauses()
  await Promise.all(slots.map(({ slot }) => slot.settled))
  deps.running.onPoll(applyPauses)
  const takeOver = async (queue: string) => {
    const isIdle = slots.some(({ name, slot }) => name === queue && slot.isIdle)
    if (isIdle) await takeOverSlowPart(deps.context, queue)
  }
  const partQueues = queues.filter(({ name }) => deps.handlers.get(name)?.kind.partOf)
  for (const { name } of partQueues)
    deps.running.onPoll(atMostEvery(TAKE_OVER_INTERVAL_MS, () => takeOver(name)))
}

function atMostEvery(intervalMs: number, work: () => Promise<void>) {
  let calledAt = performance.now()
  return async () => {
    if (performance.now() - calledAt < intervalMs) return
    calledAt = performance.now()
    await work()
  }
}

/** The queues that any worker may consume: one per kind without a host queue. */
export const sharedQueues = (handlers: Deps['handlers']): Queue[] =>
  [...handlers.values()]
    .filter(({ kind }) => !kind.queue.hostQueue)
    .map(({ kind: { name, queue, usesStorage } }) => ({ name, slots: queue.concurrency, usesStorage }))

async function processJob(deps: Deps, queue: string, job: QueueJob) {
  // Jobs enqueued by earlier versions have no kind; their queue is named after it.
  const handler = deps.handlers.get(job.data.kind ?? queue)
  const { context, running } = deps
  // A task of a newer version: queues of a host contain several kinds.
  if (!handler) return returnJob(context, job, UNKNOWN_KIND_DELAY_SECONDS)
  // Fetched before its slot closed.
  if (deps.intake && !deps.intake.isOpen(queue)) return returnJob(context, job, CLOSED_DELAY_SECONDS)
  const signal = running.shutdownSignal
  const { startsPerSecond: ratePerSecond } = handler.kind.queue
  if (ratePerSecond)
    await acquirePermit(context.db, { row: queuePermitRow(queue), ratePerSecond, signal }).catch(
      (error: unknown) => {
        // At shutdown the run is aborted and its task requeued.
        if (!signal.aborted) throw error
      },
    )
  await runTask({ ...deps, handler, job: job as JobWithMetadata<QueueJob['data']> })
  await handler
    .beforeNext?.(context, signal)
    .catch((error: unknown) => log.debug({ err: error, queue }, 'could not prepare for the next job'))
}

import { RetryLater } from '@/lib/errors'
import { log } from '@/lib/log'
import { readPausedQueues } from '@/lib/queues/pause'
import { listenForJobs } from '@/lib/tasks/boss'
import type { WorkerContext } from '../context'
import { postponeTask, returnJob } from './complete'
import { type DeliveredJob, fetchJobs } from './fetch-jobs'
import type { TaskHandler } from './handler'
import { Intake } from './intake'
import { JobHeartbeats } from './job-heartbeats'
import { QueueConsumer } from './queue-consumer'
import { acquirePermit, queuePermitRow } from './rate-limit'
import { takeOverSlowPart } from './take-over'
import { runTask } from './run-task'
import type { RunningTasks } from './running-tasks'

/** A queue of which one worker processes up to `slots` jobs concurrently. */
export interface Queue {
  name: string
  slots: number
  usesStorage?: boolean
}

/** Until a worker that knows the kind may have started on this host. */
const UNKNOWN_KIND_DELAY_SECONDS = 30
const TAKE_OVER_INTERVAL_MS = 5_000
/** Until the queues of this worker are closed. */
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
  const { context, running, intake = new Intake() } = deps
  for (const queue of queues) intake.add(queue)
  const heartbeats = new JobHeartbeats(context.boss)
  const claimedKinds = namesOfUnlimitedKinds(deps.handlers)
  const consumers = queues.map(
    ({ name, slots }) =>
      new QueueConsumer({
        queue: name,
        slots,
        fetch: (count) => fetchJobs(context, { queue: name, count, claimedKinds }),
        work: (job) => heartbeats.during(job, () => processOrFail(deps, job)),
      }),
  )
  const applyPauses = async () => {
    const paused = await readPausedQueues(context.db)
    for (const consumer of consumers)
      consumer.isOpen = intake.isOpen(consumer.queue) && !paused.has(consumer.queue)
  }
  const stopListening = await listenForJobs(context.boss, {
    onJobs: (queue) => consumers.find((consumer) => consumer.queue === queue)?.wake(),
    onReconnect: () => consumers.forEach((consumer) => consumer.wake()),
  }).catch((error: unknown) => {
    log.warn({ err: error }, 'could not listen for jobs: new ones start after a delay')
    return async () => {}
  })
  await applyPauses()
  running.onPoll(applyPauses)
  takeOverSlowParts(deps, consumers)
  running.onStopConsuming(async (timeout) => {
    await stopListening()
    const remaining = await Promise.all(consumers.map((consumer) => consumer.stop(timeout)))
    await Promise.all(remaining.flat().map((job) => failJob(context, job, new Error('the worker stopped'))))
    await heartbeats.stop()
  })
}

/** A task of a kind that waits for a permit is claimed afterwards. */
const namesOfUnlimitedKinds = (handlers: Deps['handlers']) =>
  [...handlers.values()].flatMap(({ kind }) => (kind.queue.startsPerSecond ? [] : kind.name))

function takeOverSlowParts({ context, handlers, running }: Deps, consumers: readonly QueueConsumer[]) {
  for (const consumer of consumers) {
    if (!handlers.get(consumer.queue)?.kind.partOf) continue
    const takeOver = async () => {
      if (consumer.isIdle) await takeOverSlowPart(context, consumer.queue)
    }
    running.onPoll(atMostEvery(TAKE_OVER_INTERVAL_MS, takeOver))
  }
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

/** Never rejects: pg-boss delivers a job again that could not be settled. */
async function processOrFail(deps: Deps, job: DeliveredJob) {
  try {
    await processJob(deps, job)
  } catch (error) {
    log.warn({ err: error, queue: job.name, taskId: job.data.taskId }, 'could not process a job')
    await failJob(deps.context, job, error)
  }
}

/** Without effect if the job is settled. */
async function failJob({ boss }: WorkerContext, job: DeliveredJob, error: unknown) {
  await boss.fail(job.name, job, error as object).catch((failure: unknown) => {
    // Its heartbeats have ended.
    log.warn({ err: failure, queue: job.name }, 'could not return a job')
  })
}

async function processJob(deps: Deps, job: DeliveredJob) {
  const { context, running, intake } = deps
  // Jobs enqueued by earlier versions have no kind; their queue is named after it.
  const handler = deps.handlers.get(job.data.kind ?? job.name)
  // A task of a newer version: queues of a host contain several kinds.
  if (!handler) return returnJob(context, job, UNKNOWN_KIND_DELAY_SECONDS)
  // Fetched before its queue closed.
  if (intake && !intake.isOpen(job.name)) return returnUnstarted(context, job)
  const signal = running.shutdownSignal
  const { startsPerSecond: ratePerSecond } = handler.kind.queue
  if (ratePerSecond)
    await acquirePermit(context.db, { row: queuePermitRow(job.name), ratePerSecond, signal }).catch(
      (error: unknown) => {
        // At shutdown the run is aborted and its task requeued.
        if (!signal.aborted) throw error
      },
    )
  await runTask({ ...deps, handler, job, task: job.task })
  await handler
    .beforeNext?.(context, signal)
    .catch((error: unknown) =>
      log.debug({ err: error, queue: job.name }, 'could not prepare for the next job'),
    )
}

const returnUnstarted = (context: WorkerContext, { task, ...job }: DeliveredJob) =>
  task
    ? postponeTask({ context, job, task }, new RetryLater(CLOSED_DELAY_SECONDS * 1_000, 'the queue closed'))
    : returnJob(context, job, CLOSED_DELAY_SECONDS)

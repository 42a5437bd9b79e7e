import { inspectVideoTask } from '@/lib/videos/tasks'
import type { WorkerContext } from '@/worker/context'
import { defineHandler, type TaskOutcome, type TaskRun } from '@/worker/runtime/handler'
import { runTask } from '@/worker/runtime/run-task'
import { RunningTasks } from '@/worker/runtime/running-tasks'
import type { useQueueFixture } from './queue-fixture'

type JobEnding = 'done' | 'error' | 'never' | 'hand over'

/** A claimed job whose handler waits for `finish`. */
interface HeldJob {
  jobId: string
  finish(how: JobEnding): void
  settled: Promise<void>
  /** Its worker missed heartbeats, but may resume and write. */
  isWorkerSilent: boolean
}

/**
 * A worker that a test steps through: it fetches a job per call, and its handlers end when the test finishes them. The
 * effect of a handler is a row with the id of its task, written together with its completion.
 */
export function createSteppedWorker(
  fixture: ReturnType<typeof useQueueFixture>,
  errors: Record<Exclude<JobEnding, 'done'>, () => Error>,
) {
  const running = new RunningTasks(fixture.db)
  const context = { db: fixture.db, boss: fixture.boss } as WorkerContext
  const queue = inspectVideoTask.name
  const heldJobs: HeldJob[] = []
  return {
    held: heldJobs,
    async fetchJob() {
      const [job] = await fixture.boss.fetch<{ taskId: string }>(queue, { includeMetadata: true })
      if (!job) return null
      const { promise: ending, resolve: finish } = Promise.withResolvers<JobEnding>()
      const run = async ({ taskId, signal }: TaskRun<unknown>): Promise<TaskOutcome> => {
        const aborted = new Promise<never>((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error)),
        )
        const how = await Promise.race([ending, aborted])
        if (how !== 'done') throw errors[how]()
        return {
          async store(tx) {
            const at = new Date()
            await tx.verification.create({
              data: { id: crypto.randomUUID(), identifier: taskId, value: 'effect', expiresAt: at },
            })
          },
        }
      }
      const handler = defineHandler({ kind: inspectVideoTask, run } as never)
      const settled = runTask({ context, handler, running, job: job as never })
      const held: HeldJob = { jobId: job.id, finish, settled, isWorkerSilent: false }
      heldJobs.push(held)
      return held
    },
    /** Ends a held job and waits until the outcome is stored or rejected. */
    async finish(held: HeldJob, how: JobEnding) {
      heldJobs.splice(heldJobs.indexOf(held), 1)
      held.finish(how)
      await held.settled
    },
    /** Simulates missed heartbeats, after which pg-boss returns the job to the queue. */
    async missHeartbeats(held: HeldJob) {
      held.isWorkerSilent = true
      await fixture.db.$executeRaw`
        UPDATE pgboss.job SET heartbeat_on = now() - interval '1 hour' WHERE name = ${queue} AND id = ${held.jobId}::uuid`
      await fixture.db
        .$executeRaw`UPDATE pgboss.queue SET monitor_on = NULL, monitor_claim_on = NULL WHERE name = ${queue}`
      await fixture.boss.supervise(queue)
    },
    /** Makes all delayed jobs due. */
    skipDelays: () =>
      fixture.db
        .$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE name = ${queue} AND state < 'active'`,
    stop: () => running.stopPolling(),
  }
}

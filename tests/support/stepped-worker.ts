import { inspectVideoTask } from '@/lib/videos/tasks'
import type { WorkerContext } from '@/worker/context'
import { defineHandler, type TaskOutcome, type TaskRun } from '@/worker/runtime/handler'
import { runTask } from '@/worker/runtime/run-task'
import { RunningTasks } from '@/worker/runtime/running-tasks'
import type { useQueueFixture } from './queue-fixture'

type JobEnding = 'done' | 'error' | 'never' | 'hand over'

/** One job in the hands of a worker that does nothing by itself. */
interface HeldJob {
  jobId: string
  finish(how: JobEnding): void
  settled: Promise<void>
  /** Its worker fell silent; it may wake up, and write. */
  isWorkerSilent: boolean
}

/**
 * A worker whose every step a test takes: it fetches when told, and its handlers end as told. What a handler
 * brings about is a row that names its task, written together with "done".
 */
export function createSteppedWorker(
  room: ReturnType<typeof useQueueFixture>,
  errors: Record<Exclude<JobEnding, 'done'>, () => Error>,
) {
  const running = new RunningTasks(room.db)
  const context = { db: room.db, boss: room.boss } as WorkerContext
  const queue = inspectVideoTask.name
  const heldJobs: HeldJob[] = []
  return {
    held: heldJobs,
    async fetchJob() {
      const [job] = await room.boss.fetch<{ taskId: string }>(queue, { includeMetadata: true })
      if (!job) return null
      let end: HeldJob['finish'] = () => {}
      const told = new Promise<JobEnding>((resolve) => (end = resolve))
      const run = async ({ taskId, signal }: TaskRun<unknown>): Promise<TaskOutcome> => {
        const aborted = new Promise<never>((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error)),
        )
        const how = await Promise.race([told, aborted])
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
      const over = runTask({ context, handler, running, job: job as never })
      const delivery: HeldJob = { jobId: job.id, finish: end, settled: over, isWorkerSilent: false }
      heldJobs.push(delivery)
      return delivery
    },
    /** Ends one that is held, and waits until that is stored or refused. */
    async finish(delivery: HeldJob, how: JobEnding) {
      heldJobs.splice(heldJobs.indexOf(delivery), 1)
      delivery.finish(how)
      await delivery.settled
    },
    /** The worker is heard of no more: its job goes back as pg-boss brings it back. */
    async missHeartbeats(delivery: HeldJob) {
      delivery.isWorkerSilent = true
      await room.db.$executeRaw`
        UPDATE pgboss.job SET heartbeat_on = now() - interval '1 hour' WHERE name = ${queue} AND id = ${delivery.jobId}::uuid`
      await room.db
        .$executeRaw`UPDATE pgboss.queue SET monitor_on = NULL, monitor_claim_on = NULL WHERE name = ${queue}`
      await room.boss.supervise(queue)
    },
    /** What waits for its next attempt may start now. */
    skipDelays: () =>
      room.db
        .$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE name = ${queue} AND state < 'active'`,
    stop: () => running.stopPolling(),
  }
}

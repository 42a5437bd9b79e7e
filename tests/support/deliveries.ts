import { inspectVideo } from '@/lib/videos/kinds'
import type { WorkerContext } from '@/worker/context'
import { handle, type Outcome, type Run } from '@/worker/handler'
import { runTask } from '@/worker/run-task'
import { RunningTasks } from '@/worker/running-tasks'
import type { useQueueRoom } from './queue-room'

type End = 'done' | 'error' | 'never' | 'hand over'

/** One job in the hands of a worker that does nothing by itself. */
interface Delivery {
  jobId: string
  end(how: End): void
  over: Promise<void>
  /** Its worker fell silent; it may wake up, and write. */
  isSilent: boolean
}

/**
 * A worker whose every step a test takes: it fetches when told, and its handlers end as told. What a handler
 * brings about is a row that names its task, written together with "done".
 */
export function steppedWorker(
  room: ReturnType<typeof useQueueRoom>,
  errors: Record<Exclude<End, 'done'>, () => Error>,
) {
  const running = new RunningTasks(room.db)
  const context = { db: room.db, boss: room.boss } as WorkerContext
  const queue = inspectVideo.name
  const held: Delivery[] = []
  return {
    held,
    async fetch() {
      const [job] = await room.boss.fetch<{ taskId: string }>(queue, { includeMetadata: true })
      if (!job) return null
      let end: Delivery['end'] = () => {}
      const told = new Promise<End>((resolve) => (end = resolve))
      const run = async ({ taskId, signal }: Run<unknown>): Promise<Outcome> => {
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
      const handler = handle({ kind: inspectVideo, run } as never)
      const over = runTask({ context, handler, running, job: job as never })
      const delivery: Delivery = { jobId: job.id, end, over, isSilent: false }
      held.push(delivery)
      return delivery
    },
    /** Ends one that is held, and waits until that is stored or refused. */
    async end(delivery: Delivery, how: End) {
      held.splice(held.indexOf(delivery), 1)
      delivery.end(how)
      await delivery.over
    },
    /** The worker is heard of no more: its job goes back as pg-boss brings it back. */
    async silence(delivery: Delivery) {
      delivery.isSilent = true
      await room.db.$executeRaw`
        UPDATE pgboss.job SET heartbeat_on = now() - interval '1 hour' WHERE name = ${queue} AND id = ${delivery.jobId}::uuid`
      await room.db
        .$executeRaw`UPDATE pgboss.queue SET monitor_on = NULL, monitor_claim_on = NULL WHERE name = ${queue}`
      await room.boss.supervise(queue)
    },
    /** What waits for its next attempt may start now. */
    hurry: () =>
      room.db
        .$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE name = ${queue} AND state < 'active'`,
    stop: () => running.end(),
  }
}

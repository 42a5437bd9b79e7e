import type { PgBoss } from 'pg-boss'
import { runEvery } from '@/lib/concurrency/run-every'
import { log } from '@/lib/log'
import type { DeliveredJob } from './fetch-jobs'

const CHECK_INTERVAL_MS = 1_000

/** Sends the heartbeats of running jobs, twice per interval after which pg-boss takes the worker for dead. */
export class JobHeartbeats {
  /** Each job with the time of its last heartbeat. */
  readonly #sentAt = new Map<DeliveredJob, number>()
  readonly #stop: () => Promise<void>

  constructor(private readonly boss: PgBoss) {
    this.#stop = runEvery({
      work: () => this.#sendDue(),
      pauseMs: CHECK_INTERVAL_MS,
      initialDelayMs: CHECK_INTERVAL_MS,
      failureMessage: 'could not send heartbeats',
    })
  }

  /** Sends heartbeats while `work` runs. The delivery of the job was the first one. */
  async during<T>(job: DeliveredJob, work: () => Promise<T>): Promise<T> {
    this.#sentAt.set(job, performance.now())
    try {
      return await work()
    } finally {
      this.#sentAt.delete(job)
    }
  }

  /** Resolves once no heartbeat is being sent. */
  async stop() {
    await this.#stop()
  }

  async #sendDue() {
    const now = performance.now()
    const due = [...this.#sentAt].flatMap(([job, sentAt]) =>
      job.heartbeatSeconds && now - sentAt >= (job.heartbeatSeconds * 1_000) / 2 ? job : [],
    )
    for (const [queue, jobs] of Map.groupBy(due, ({ name }) => name)) {
      try {
        await this.boss.touch(queue, jobs)
        for (const job of jobs) if (this.#sentAt.has(job)) this.#sentAt.set(job, now)
      } catch (error) {
        // Those of the other queues are sent, and these again at the next check.
        log.warn({ err: error, queue }, 'could not send heartbeats')
      }
    }
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import type pino from 'pino'
import { KeyedLock } from '@/lib/concurrency/keyed-lock'
import type { Db } from '@/lib/database/db'
import { log } from '@/lib/log'
import { type Claim, ClaimLost } from './claim'
import { runEvery } from '@/lib/concurrency/run-every'
import { createRunLogger } from './task-log'
import { TaskLogWriter } from './task-log-writer'

const POLL_INTERVAL_MS = 500

/** Stops within the time in which `timeout` resolves. */
type StopConsumer = (timeout: Promise<unknown>) => Promise<void>

/** The running tasks of this worker. Polls the database and aborts runs that lost their claim, within a second. */
export class RunningTasks {
  readonly #runs = new Map<Claim, AbortController>()
  readonly #shutdown = new AbortController()
  readonly #pollers: (() => Promise<void>)[] = [() => this.#abortLostClaims()]
  readonly #stopPolling: () => Promise<void>
  readonly #consumers: StopConsumer[] = []
  readonly #suspects = new KeyedLock()
  readonly taskLog: TaskLogWriter
  /** The parent of the loggers of all runs. */
  readonly log: pino.Logger

  constructor(private readonly db: Db) {
    this.taskLog = new TaskLogWriter(db)
    this.log = createRunLogger(this.taskLog)
    this.#stopPolling = runEvery({
      work: () =>
        Promise.all(
          this.#pollers.map((poll) =>
            poll().catch((error: unknown) => log.warn({ err: error }, 'could not poll running tasks')),
          ),
        ),
      pauseMs: POLL_INTERVAL_MS,
      failureMessage: 'could not poll running tasks',
    })
  }

  /** Aborted when this worker shuts down. */
  get shutdownSignal() {
    return this.#shutdown.signal
  }

  /** Adds `poll` to every poll of the database. */
  onPoll(poll: () => Promise<void>) {
    this.#pollers.push(poll)
  }

  get size() {
    return this.#runs.size
  }

  /** Adds a run. @returns a function that removes it */
  add(claim: Claim, stop: AbortController) {
    this.#runs.set(claim, stop)
    return () => this.#runs.delete(claim)
  }

  /** Runs `work` while no other suspect runs. */
  runSuspectAlone(work: () => Promise<void>): Promise<void> {
    return this.#suspects.run('suspect', work)
  }

  /** Aborts all runs with `reason`, and `shutdownSignal`. */
  abortAll(reason: Error) {
    this.#shutdown.abort()
    for (const stop of this.#runs.values()) stop.abort(reason)
  }

  /** Adds what consumes queues for this worker, until `stopConsuming`. */
  onStopConsuming(stop: StopConsumer) {
    this.#consumers.push(stop)
  }

  /** Stops fetching jobs. Resolves when none run, or after `timeoutMs` (milliseconds); then gives up the remaining ones. */
  async stopConsuming({ timeoutMs }: { timeoutMs: number }) {
    const finished = new AbortController()
    const timeout = delay(timeoutMs, undefined, { signal: finished.signal }).catch(() => undefined)
    await Promise.all(this.#consumers.splice(0).map((stop) => stop(timeout)))
    finished.abort()
  }

  /** Stops polling; resolves once no poll is in progress and all log lines are written. */
  async stopPolling() {
    await this.#stopPolling()
    await this.taskLog.flush()
  }

  async #abortLostClaims() {
    if (this.#runs.size === 0) return
    // Copied, because runs may start while the rows are read.
    const runs = [...this.#runs]
    const ids = runs.map(([claim]) => claim.taskId)
    const rows = await this.db.$queryRaw<{ id: string; claim: number }[]>`
      SELECT id, claim FROM task WHERE id = ANY(${ids}::uuid[]) AND state = 'in_progress'`
    const claims = new Map(rows.map((row) => [row.id, row.claim]))
    for (const [{ taskId, claim }, stop] of runs)
      if (claims.get(taskId) !== claim) stop.abort(new ClaimLost())
  }
}

import { KeyedLock } from '@/lib/concurrency/keyed-lock'
import type { Db } from '@/lib/database/db'
import { log } from '@/lib/log'
import { type Claim, ClaimLost } from './claim'
import { runEvery } from '@/lib/concurrency/run-every'

const POLL_INTERVAL_MS = 500

/** The running tasks of this worker. Polls the database and aborts runs that lost their claim, within a second. */
export class RunningTasks {
  readonly #runs = new Map<Claim, AbortController>()
  readonly #shutdown = new AbortController()
  readonly #pollers: (() => Promise<void>)[] = [() => this.#abortLostClaims()]
  readonly #stop: () => Promise<void>
  readonly #suspects = new KeyedLock()

  constructor(private readonly db: Db) {
    this.#stop = runEvery({
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

  /** Stops polling; resolves once no poll is in progress. */
  async stopPolling() {
    await this.#stop()
  }

  async #abortLostClaims() {
    if (this.#runs.size === 0) return
    // Copied, because runs may start while the rows are read.
    const runs = [...this.#runs]
    const ids = runs.map(([claim]) => claim.taskId)
    const rows = await this.db.task.findMany({
      where: { id: { in: ids } },
      select: { id: true, state: true, claim: true },
    })
    const rowsById = new Map(rows.map((row) => [row.id, row]))
    for (const [{ taskId, claim }, stop] of runs) {
      const row = rowsById.get(taskId)
      if (row?.state !== 'in_progress' || row.claim !== claim) stop.abort(new ClaimLost())
    }
  }
}

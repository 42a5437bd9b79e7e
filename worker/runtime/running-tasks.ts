import { KeyedLock } from '@/lib/concurrency/keyed-lock'
import type { Db } from '@/lib/database/db'
import { log } from '@/lib/log'
import { type Claim, ClaimLost } from './claim'

const POLL_INTERVAL_MS = 500

/** The tasks this worker has in hand. A cancel or a takeover in the database stops them within half a second. */
export class RunningTasks {
  readonly #runs = new Map<Claim, AbortController>()
  readonly #timer: NodeJS.Timeout
  readonly #ending = new AbortController()
  readonly #lookers: (() => Promise<void>)[] = []
  readonly #suspects = new KeyedLock()
  #looked: Promise<unknown> = Promise.resolve()

  constructor(private readonly db: Db) {
    this.#timer = setInterval(() => {
      const looks = [() => this.#look(), ...this.#lookers].map((look) =>
        look().catch((error: unknown) => log.warn({ err: error }, 'could not look after running tasks')),
      )
      // Nothing is kept of what has ended: this goes on for as long as the worker lives.
      this.#looked = Promise.all([this.#looked, ...looks]).then(() => undefined)
    }, POLL_INTERVAL_MS)
  }

  /** Aborted when this worker ends. */
  get shutdownSignal() {
    return this.#ending.signal
  }

  /** Has `look` called as often as this looks at the database. */
  onPoll(look: () => Promise<void>) {
    this.#lookers.push(look)
  }

  get size() {
    return this.#runs.size
  }

  add(claim: Claim, stop: AbortController) {
    this.#runs.set(claim, stop)
    return () => this.#runs.delete(claim)
  }

  /** Does `work` when no other suspect is in hand. */
  runSuspectAlone(work: () => Promise<void>): Promise<void> {
    return this.#suspects.run('suspect', work)
  }

  abortAll(reason: Error) {
    this.#ending.abort()
    for (const stop of this.#runs.values()) stop.abort(reason)
  }

  /** Resolves when it looks no more. */
  async stopPolling() {
    clearInterval(this.#timer)
    await this.#looked
  }

  async #look() {
    if (this.#runs.size === 0) return
    // Runs that begin while the rows are read are not among them.
    const looked = [...this.#runs]
    const ids = looked.map(([claim]) => claim.taskId)
    const rows = await this.db.task.findMany({
      where: { id: { in: ids } },
      select: { id: true, state: true, claim: true },
    })
    const held = new Map(rows.map((row) => [row.id, row]))
    for (const [{ taskId, claim }, stop] of looked) {
      const row = held.get(taskId)
      if (row?.state !== 'in_progress' || row.claim !== claim) stop.abort(new ClaimLost())
    }
  }
}

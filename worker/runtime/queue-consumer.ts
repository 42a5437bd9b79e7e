import { setImmediate } from 'node:timers/promises'
import { log } from '@/lib/log'
import type { DeliveredJob } from './fetch-jobs'

interface Deps {
  queue: string
  /** The highest number of concurrent jobs. */
  slots: number
  fetch(count: number): Promise<DeliveredJob[]>
  /** Processes a job. Never rejects. */
  work(job: DeliveredJob): Promise<void>
}

/** NOTIFY announces new jobs only; polling finds retried, recovered and delayed ones. */
const POLL_INTERVAL_MS = 2_000

/** Fetches as many jobs of a queue as it has free slots while it is open. Running jobs finish after it is closed. */
export class QueueConsumer {
  #isOpen = false
  #isStopped = false
  #mayHaveJobs = false
  #filling: Promise<void> | null = null
  readonly #running = new Map<DeliveredJob, Promise<void>>()
  readonly #poller = setInterval(() => this.wake(), POLL_INTERVAL_MS).unref()

  constructor(private readonly deps: Deps) {}

  get queue() {
    return this.deps.queue
  }

  set isOpen(isOpen: boolean) {
    if (isOpen === this.#isOpen || this.#isStopped) return
    this.#isOpen = isOpen
    if (isOpen) this.wake()
  }

  /** Whether it is open and has a free slot. */
  get isIdle() {
    return this.#isOpen && this.#freeSlots > 0
  }

  /** Fetches jobs now, or as soon as a slot is free. */
  wake() {
    this.#mayHaveJobs = true
    this.#fill()
  }

  /** Closes it permanently. Resolves with the jobs that still run when `timeout` resolves, at the latest. */
  async stop(timeout: Promise<unknown>): Promise<DeliveredJob[]> {
    clearInterval(this.#poller)
    this.isOpen = false
    this.#isStopped = true
    const settled = async () => {
      await this.#filling
      await Promise.all(this.#running.values())
    }
    await Promise.race([settled(), timeout])
    return [...this.#running.keys()]
  }

  get #freeSlots() {
    return this.deps.slots - this.#running.size
  }

  get #canFetch() {
    return this.isIdle && this.#mayHaveJobs
  }

  #fill() {
    if (this.#filling || !this.#canFetch) return
    this.#filling = this.#fetchWhileIdle()
      .catch((error: unknown) => log.warn({ err: error, queue: this.queue }, 'could not fetch jobs'))
      .finally(() => {
        this.#filling = null
        this.#fill()
      })
  }

  async #fetchWhileIdle() {
    // Jobs that end together free their slots one after another.
    await setImmediate()
    while (this.#canFetch) {
      const count = this.#freeSlots
      this.#mayHaveJobs = false
      const jobs = await this.deps.fetch(count)
      if (jobs.length === count) this.#mayHaveJobs = true
      for (const job of jobs) this.#start(job)
    }
  }

  #start(job: DeliveredJob) {
    const run = this.deps.work(job).finally(() => {
      this.#running.delete(job)
      this.#fill()
    })
    this.#running.set(job, run)
  }
}

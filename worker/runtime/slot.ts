import type { PgBoss } from 'pg-boss'
import { log } from '@/lib/log'

export type QueueJob = {
  id: string
  name: string
  data: { taskId: string; kind?: string }
  retryCount: number
}

interface Deps {
  boss: PgBoss
  queue: string
  work: (job: QueueJob) => Promise<void>
}

/** Processes jobs of a queue one at a time while it is open. The running job finishes after it is closed. */
export class Slot {
  #isOpen = false
  #id: string | null = null
  #isBusy = false
  /** Serializes changes: a slot reopens only after its running job has ended. */
  #changes: Promise<unknown> = Promise.resolve()

  constructor(private readonly deps: Deps) {}

  set isOpen(isOpen: boolean) {
    if (isOpen === this.#isOpen) return
    this.#isOpen = isOpen
    this.#changes = this.#changes
      .then(() => (isOpen ? this.#open() : this.#close()))
      .catch((error: unknown) =>
        log.warn({ err: error, queue: this.deps.queue }, 'could not open or close a slot'),
      )
  }

  /** Whether it is open and waits for a job. */
  get isIdle() {
    return this.#isOpen && !this.#isBusy
  }

  /** Resolves when the last change of `isOpen` is applied. */
  get settled() {
    return this.#changes
  }

  async #open() {
    const { boss, queue, work } = this.deps
    const options = {
      includeMetadata: true,
      batchSize: 1,
      // NOTIFY announces new jobs only; polling finds retried, recovered and delayed ones.
      pollingIntervalSeconds: 2,
      notifyPollingIntervalSeconds: 2,
    } as const
    const id = await boss.work<QueueJob['data'], void, typeof options>(queue, options, async ([job]) => {
      this.#isBusy = true
      try {
        if (job) await work(job)
      } finally {
        this.#isBusy = false
        // Fetches the next job now rather than after the polling interval.
        boss.notifyWorker(id)
      }
    })
    this.#id = id
  }

  async #close() {
    if (this.#id) await this.deps.boss.offWork(this.deps.queue, { id: this.#id, wait: true })
    this.#id = null
  }
}

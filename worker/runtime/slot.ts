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

/** Takes one job after the other from a queue while it is open. Closing it lets the job in hand go on. */
export class Slot {
  #isWanted = false
  #id: string | null = null
  /** One change after the other: it opens again only when what it had in hand has ended. */
  #changes: Promise<unknown> = Promise.resolve()

  constructor(private readonly given: Deps) {}

  set isOpen(isOpen: boolean) {
    if (isOpen === this.#isWanted) return
    this.#isWanted = isOpen
    this.#changes = this.#changes
      .then(() => (isOpen ? this.#open() : this.#close()))
      .catch((error: unknown) => log.warn({ err: error, queue: this.given.queue }, 'could not turn a slot'))
  }

  /** Resolves when it is as it was last wanted. */
  get settled() {
    return this.#changes
  }

  async #open() {
    const { boss, queue, work } = this.given
    const options = {
      includeMetadata: true,
      batchSize: 1,
      // NOTIFY fires for new jobs only; retried, rescued and delayed ones are found by polling.
      pollingIntervalSeconds: 2,
      notifyPollingIntervalSeconds: 2,
    } as const
    const id = await boss.work<QueueJob['data'], void, typeof options>(queue, options, async ([job]) => {
      try {
        if (job) await work(job)
      } finally {
        // Otherwise it would look for the next one only when its polling interval is over.
        boss.notifyWorker(id)
      }
    })
    this.#id = id
  }

  async #close() {
    if (this.#id) await this.given.boss.offWork(this.given.queue, { id: this.#id, wait: true })
    this.#id = null
  }
}

interface IntakeQueue {
  name: string
  usesStorage?: boolean
}

/** Decides which of its queues this worker currently takes tasks from. */
export class Intake {
  readonly #queues = new Map<string, IntakeQueue>()
  /** Why it takes nothing; null while it takes tasks. Never reset: a drained worker has to be updated. */
  drainReason: string | null = null
  /** Why it takes no task that uses the storage. */
  storageProblem: string | null = null

  add(queue: IntakeQueue) {
    this.#queues.set(queue.name, queue)
  }

  isOpen(name: string) {
    if (this.drainReason) return false
    return !(this.storageProblem && this.#queues.get(name)?.usesStorage)
  }

  /** The names of the queues that it takes now. */
  get openQueues() {
    return [...this.#queues.keys()].filter((name) => this.isOpen(name))
  }
}

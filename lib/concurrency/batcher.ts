interface Waiting<Item, Result> {
  item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

interface Options {
  /** The most items of a batch. Default: unlimited. */
  maxSize?: number
  /** How many batches are processed at the same time. Default: 1. */
  maxConcurrent?: number
}

/**
 * Processes items in batches: those that are added in the same turn of the event loop, and all that are added until a batch may
 * begin. An item alone is processed at once.
 */
export class Batcher<Item, Result> {
  #waiting: Waiting<Item, Result>[] = []
  #isScheduled = false
  #processing = 0
  readonly #maxSize: number
  readonly #maxConcurrent: number

  /** `process` returns one result per item, in their order. If it rejects, `add` rejects for all items of the batch. */
  constructor(
    private readonly process: (items: readonly Item[]) => Promise<readonly Result[]>,
    { maxSize = Infinity, maxConcurrent = 1 }: Options = {},
  ) {
    this.#maxSize = maxSize
    this.#maxConcurrent = maxConcurrent
  }

  /** Resolves with the result of `item` when its batch is processed. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      this.#schedule()
    })
  }

  #schedule() {
    if (this.#isScheduled || this.#processing === this.#maxConcurrent) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#processAll()
    })
  }

  #processAll() {
    while (this.#waiting.length > 0 && this.#processing < this.#maxConcurrent)
      void this.#processBatch(this.#waiting.splice(0, this.#maxSize))
  }

  async #processBatch(batch: readonly Waiting<Item, Result>[]) {
    this.#processing++
    try {
      const results = await this.process(batch.map(({ item }) => item))
      for (const [index, { resolve }] of batch.entries()) resolve(results[index]!)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      this.#processing--
      this.#processAll()
    }
  }
}

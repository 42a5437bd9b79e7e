import { setImmediate } from 'node:timers/promises'

interface Waiting<Item, Result> {
  item: Item
  resolve(result: Result): void
  reject(error: unknown): void
}

/**
 * Processes items in batches, one batch at a time: those that are added while a batch is processed form the next one. An
 * item alone is processed at once.
 */
export class Batcher<Item, Result> {
  #waiting: Waiting<Item, Result>[] = []
  #isProcessing = false

  /** `process` returns one result per item, in their order. If it rejects, `add` rejects for all items of the batch. */
  constructor(
    private readonly process: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly maxSize: number,
  ) {}

  /** Resolves with the result of `item` when its batch is processed. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      if (!this.#isProcessing) void this.#processAll()
    })
  }

  async #processAll() {
    this.#isProcessing = true
    // Items that are added in the same turn of the event loop belong together.
    await setImmediate()
    while (this.#waiting.length > 0) await this.#processBatch(this.#waiting.splice(0, this.maxSize))
    this.#isProcessing = false
  }

  async #processBatch(batch: readonly Waiting<Item, Result>[]) {
    try {
      const results = await this.process(batch.map(({ item }) => item))
      for (const [index, { resolve }] of batch.entries()) resolve(results[index]!)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }
}

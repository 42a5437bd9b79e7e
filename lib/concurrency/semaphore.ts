type Waiter = () => void

interface Slots {
  taken: number
  waiters: Set<Waiter>
}

interface Options {
  /** Aborting rejects a call that still waits with the signal's reason; it does not affect a slot already acquired. */
  signal?: AbortSignal
}

/** Limits concurrency to `limit` slots per key. Waiters acquire slots in FIFO order. Within this process only. */
export class Semaphore {
  private readonly slots = new Map<string, Slots>()

  constructor(private readonly limit: number) {}

  /** Runs `work` in a slot and releases the slot when it settles. */
  async run<T>(key: string, work: () => Promise<T>, options?: Options): Promise<T> {
    const release = await this.acquire(key, options)
    try {
      return await work()
    } finally {
      release()
    }
  }

  /** Waits for a slot. @returns its release function, which is idempotent */
  async acquire(key: string, { signal }: Options = {}): Promise<() => void> {
    signal?.throwIfAborted()
    const release = this.tryAcquire(key)
    if (release) return release
    await waitForSlot(this.slots.get(key)!, signal)
    return this.createRelease(key)
  }

  /** @returns the release function of a free slot, or null when all are taken */
  tryAcquire(key: string): (() => void) | null {
    const slots = this.slots.get(key) ?? { taken: 0, waiters: new Set() }
    if (slots.taken >= this.limit) return null
    this.slots.set(key, slots)
    slots.taken++
    return this.createRelease(key)
  }

  isHeld(key: string) {
    return this.slots.has(key)
  }

  private createRelease(key: string) {
    let isReleased = false
    return () => {
      if (isReleased) return
      isReleased = true
      const slots = this.slots.get(key)!
      const [next] = slots.waiters
      // The slot passes directly to the next waiter, so that later calls cannot overtake it.
      if (next) next()
      else if (--slots.taken === 0) this.slots.delete(key)
    }
  }
}

function waitForSlot({ waiters }: Slots, signal?: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    const leave = () => {
      waiters.delete(onSlot)
      signal?.removeEventListener('abort', onAbort)
    }
    const onSlot = () => {
      leave()
      resolve()
    }
    const onAbort = () => {
      leave()
      reject(signal!.reason as Error)
    }
    waiters.add(onSlot)
    signal?.addEventListener('abort', onAbort)
  })
}

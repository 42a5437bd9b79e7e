type Waiter = () => void

interface Slots {
  held: number
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

  /** @returns the release function of a free slot, or null if none is free */
  tryAcquire(key: string): (() => void) | null {
    const slots = this.slots.get(key) ?? { held: 0, waiters: new Set() }
    if (slots.held >= this.limit) return null
    this.slots.set(key, slots)
    slots.held++
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
      else if (--slots.held === 0) this.slots.delete(key)
    }
  }
}

function waitForSlot({ waiters }: Slots, signal?: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    const stopWaiting = () => {
      waiters.delete(onSlot)
      signal?.removeEventListener('abort', onAbort)
    }
    const onSlot = () => {
      stopWaiting()
      resolve()
    }
    const onAbort = () => {
      stopWaiting()
      reject(signal!.reason as Error)
    }
    waiters.add(onSlot)
    signal?.addEventListener('abort', onAbort)
  })
}

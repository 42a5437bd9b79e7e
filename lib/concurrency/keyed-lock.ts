import { Semaphore } from './semaphore'

/** A mutex per key: calls with the same key run one at a time, in FIFO order. Within this process only. */
export class KeyedLock {
  private readonly semaphore = new Semaphore(1)

  /**
   * Runs `work` while holding the lock. Aborting `signal` rejects a call that still waits with the signal's reason;
   * it does not affect `work` that has started.
   */
  run<T>(key: string, work: () => Promise<T>, options?: { signal?: AbortSignal }): Promise<T> {
    return this.semaphore.run(key, work, options)
  }

  isHeld(key: string) {
    return this.semaphore.isHeld(key)
  }
}

import { KeyedLock } from '@/lib/concurrency/keyed-lock'

/** Runs operations on a machine one at a time. Its removal aborts the running and waiting ones. */
export class MachineLock {
  private readonly lock = new KeyedLock()
  private readonly controllers = new Map<string, Set<AbortController>>()

  constructor(private readonly createAbortReason: () => Error) {}

  /** `work` gets a signal that is aborted by `signal` or by `abortAndRun`. @throws the signal's reason */
  run<T>(id: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController()
    const controllers = this.controllers.get(id) ?? new Set()
    this.controllers.set(id, controllers.add(controller))
    const combined = AbortSignal.any([signal, controller.signal])
    return this.lock
      .run(
        id,
        async () => {
          // It may have been aborted after the lock was granted.
          combined.throwIfAborted()
          return work(combined)
        },
        { signal: combined },
      )
      .finally(() => {
        controllers.delete(controller)
        if (controllers.size === 0 && this.controllers.get(id) === controllers) this.controllers.delete(id)
      })
  }

  /** Aborts the running and waiting operations of the machine, then runs `work`, which cannot be aborted. */
  abortAndRun(id: string, work: () => Promise<void>) {
    for (const controller of this.controllers.get(id) ?? []) controller.abort(this.createAbortReason())
    return this.lock.run(id, work)
  }
}

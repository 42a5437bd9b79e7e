import { KeyedLock } from '@/lib/concurrency/keyed-lock'

/** Runs operations on a machine one at a time. Its removal aborts the running and waiting ones. */
export class MachineLock {
  private readonly lock = new KeyedLock()
  private readonly running = new Map<string, Set<AbortController>>()

  constructor(private readonly createAbortReason: () => Error) {}

  run<T>(id: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController()
    const all = this.running.get(id) ?? new Set()
    this.running.set(id, all.add(stop))
    const both = AbortSignal.any([signal, stop.signal])
    return this.lock
      .run(id, () => work(both), { signal: both })
      .finally(() => {
        all.delete(stop)
        if (all.size === 0 && this.running.get(id) === all) this.running.delete(id)
      })
  }

  abortAndRun(id: string, work: () => Promise<void>) {
    for (const stop of this.running.get(id) ?? []) stop.abort(this.createAbortReason())
    return this.lock.run(id, work)
  }
}

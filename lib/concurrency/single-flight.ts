import { AsyncLocalStorage } from 'node:async_hooks'

interface Caller<Progress> {
  signal: AbortSignal
  /** Runs in the locale of its caller. */
  onProgress?: (progress: Progress) => void
}

type Work<Progress, T = unknown> = (signal: AbortSignal, report: (progress: Progress) => void) => Promise<T>

interface Flight<Progress> {
  controller: AbortController
  done: Promise<unknown>
  callers: Set<Caller<Progress>>
}

/** Shares one run of `work` between all concurrent callers of the same key. Within this process only. */
export class SingleFlight<Progress = never> {
  private readonly flights = new Map<string, Flight<Progress>>()

  /**
   * Joins the run in progress, or starts one; `report` reaches every caller. Aborting `signal` rejects this caller
   * only. When the last caller aborts, the signal passed to `work` is aborted and this call rejects after `work` has
   * settled. Results are not cached.
   */
  async run<T>(key: string, work: Work<Progress, T>, caller: Caller<Progress>): Promise<T> {
    const { signal, onProgress } = caller
    const asCaller = AsyncLocalStorage.snapshot()
    await this.waitWhileAborting(key)
    signal.throwIfAborted()
    const own = { signal, onProgress: (progress: Progress) => asCaller(() => onProgress?.(progress)) }
    const flight = this.flights.get(key) ?? this.start(key, work)
    flight.callers.add(own)
    const aborted = Promise.withResolvers<never>()
    const onAbort = () => aborted.reject(signal.reason as Error)
    signal.addEventListener('abort', onAbort)
    try {
      return (await Promise.race([flight.done, aborted.promise])) as T
    } finally {
      signal.removeEventListener('abort', onAbort)
      flight.callers.delete(own)
      if (flight.callers.size === 0 && signal.aborted) {
        flight.controller.abort(signal.reason)
        await flight.done.catch(() => undefined)
      }
    }
  }

  /** A run whose callers have all aborted cannot be joined: it will reject. */
  private async waitWhileAborting(key: string) {
    for (;;) {
      const flight = this.flights.get(key)
      if (!flight?.controller.signal.aborted) return
      await flight.done.catch(() => undefined)
    }
  }

  private start(key: string, work: Work<Progress>) {
    const controller = new AbortController()
    const callers = new Set<Caller<Progress>>()
    const report = (progress: Progress) => callers.forEach(({ onProgress }) => onProgress?.(progress))
    // Starts in a microtask, after the first caller has joined.
    const done = Promise.resolve()
      .then(() => work(controller.signal, report))
      .finally(() => this.flights.delete(key))
    done.catch(() => undefined)
    const flight = { controller, done, callers }
    this.flights.set(key, flight)
    return flight
  }
}

/** Runs `work` once for all who ask for the same name at the same time. Who gives up leaves the others to it. */
export class SingleFlight {
  private readonly running = new Map<
    string,
    { stop: AbortController; done: Promise<unknown>; waiting: number }
  >()

  async run<T>(name: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    const shared = this.running.get(name) ?? this.start(name, work)
    shared.waiting++
    let onAbort: (() => void) | undefined
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason as Error)
      signal.addEventListener('abort', onAbort, { once: true })
    })
    try {
      return (await Promise.race([shared.done, aborted])) as T
    } finally {
      signal.removeEventListener('abort', onAbort!)
      if (--shared.waiting === 0) shared.stop.abort(signal.aborted ? signal.reason : new Error('done'))
      // Whoever was the last one waits until nothing of it runs any more.
      if (signal.aborted && shared.waiting === 0) await shared.done.catch(() => undefined)
    }
  }

  private start(name: string, work: (signal: AbortSignal) => Promise<unknown>) {
    const stop = new AbortController()
    const done = work(stop.signal).finally(() => this.running.delete(name))
    done.catch(() => undefined)
    const shared = { stop, done, waiting: 0 }
    this.running.set(name, shared)
    return shared
  }
}

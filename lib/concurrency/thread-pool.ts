import { Worker, type Transferable } from 'node:worker_threads'
import { Semaphore } from './semaphore'

interface Options {
  /** A module that answers each message `{id, input}` with `{id, output}`. */
  file: string
  maxThreads: number
  /** Calls that a thread works on at a time, such as while it waits for the database. Further calls wait. */
  maxCallsPerThread: number
  /** A thread that does not respond to a call for this long is terminated. */
  timeoutMs: number
}

interface Call<Output> {
  resolve(output: Output): void
  reject(error: Error): void
  timeout: NodeJS.Timeout
}

class PoolThread<Output> {
  readonly calls = new Map<number, Call<Output>>()
  readonly #worker: Worker
  #lastId = 0

  constructor(
    private readonly options: Options,
    onExit: (thread: PoolThread<Output>) => void,
  ) {
    this.#worker = new Worker(options.file)
    // It must not keep the process alive.
    this.#worker.unref()
    this.#worker.on('message', ({ id, output }: { id: number; output: Output }) =>
      this.#take(id)?.resolve(output),
    )
    this.#worker.on('error', (error) => this.#rejectAll(error))
    this.#worker.on('exit', (code) => {
      onExit(this)
      this.#rejectAll(new Error(`the thread ended with ${code}`))
    })
  }

  run(input: unknown, transfer: Transferable[]) {
    return new Promise<Output>((resolve, reject) => {
      const id = ++this.#lastId
      const timeout = setTimeout(() => void this.#worker.terminate(), this.options.timeoutMs).unref()
      this.calls.set(id, { resolve, reject, timeout })
      this.#worker.postMessage({ id, input }, transfer)
    })
  }

  #take(id: number) {
    const call = this.calls.get(id)
    this.calls.delete(id)
    clearTimeout(call?.timeout)
    return call
  }

  #rejectAll(error: Error) {
    for (const id of this.calls.keys()) this.#take(id)?.reject(error)
  }
}

/** Runs work in threads, which start when they are first needed and are replaced when they end. */
export class ThreadPool<Output> {
  readonly #threads = new Set<PoolThread<Output>>()
  readonly #slots: Semaphore

  constructor(private readonly options: Options) {
    this.#slots = new Semaphore(options.maxThreads * options.maxCallsPerThread)
  }

  /** Resolves to the output for `input`, by the least busy thread. `transfer` lists what moves there without a copy. */
  run(input: unknown, transfer: Transferable[] = []) {
    return this.#slots.run('calls', () => this.#findThread().run(input, transfer))
  }

  #findThread() {
    const [idlest] = [...this.#threads].toSorted((a, b) => a.calls.size - b.calls.size)
    const canGrow = this.#threads.size < this.options.maxThreads
    return idlest && (idlest.calls.size === 0 || !canGrow) ? idlest : this.#start()
  }

  #start() {
    const thread = new PoolThread<Output>(this.options, (ended) => this.#threads.delete(ended))
    this.#threads.add(thread)
    return thread
  }
}

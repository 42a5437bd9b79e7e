import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Transcriber, TranscriberSession, TranscriberSessionOptions } from './transcriber'

/** The next part of a video usually starts on the same worker within this time. */
const IDLE_MS = 3_000

interface Options {
  transcriber: Transcriber
  /** The track: no session that has received untrusted audio is used for another one. */
  captionId: string
  /** Whether further parts with the same settings are likely. Default: true. */
  isKept?: boolean
  settings: Omit<TranscriberSessionOptions, 'signal' | 'scratchDir'>
  /** The folder of this worker for files of running tasks. */
  scratchDir: string
  signal: AbortSignal
}

/** Keeps the session of a track open for a moment after a part, so that its next part need not load the model. */
export class SessionPool {
  readonly #idle = new Map<PooledSession, NodeJS.Timeout>()

  /** Runs `work` with a session. An abort ends its processes; pending calls then throw the signal's reason. */
  async use<T>(options: Options, work: (session: TranscriberSession) => Promise<T>): Promise<T> {
    const pooled = this.#takeIdle(options) ?? new PooledSession(options)
    const abort = () => pooled.abort(options.signal.reason)
    options.signal.addEventListener('abort', abort)
    try {
      options.signal.throwIfAborted()
      const result = await work(await pooled.open())
      if (options.signal.aborted || options.isKept === false) await pooled.close()
      else this.#keep(pooled)
      return result
    } catch (error) {
      await pooled.close()
      throw error
    } finally {
      options.signal.removeEventListener('abort', abort)
    }
  }

  #takeIdle(options: Options) {
    const pooled = [...this.#idle.keys()].find(({ key }) => key === toKey(options))
    if (!pooled) return undefined
    clearTimeout(this.#idle.get(pooled))
    this.#idle.delete(pooled)
    return pooled
  }

  #keep(pooled: PooledSession) {
    const timer = setTimeout(() => {
      this.#idle.delete(pooled)
      void pooled.close()
    }, IDLE_MS)
    this.#idle.set(pooled, timer)
  }
}

const toKey = ({ captionId, transcriber, settings }: Options) =>
  JSON.stringify([captionId, transcriber.title, settings])

/** A session that outlives the run of a task that opens it. */
class PooledSession {
  readonly key: string
  readonly #stop = new AbortController()
  readonly #dir: string
  #session: TranscriberSession | undefined

  constructor(private readonly options: Options) {
    this.key = toKey(options)
    this.#dir = path.join(options.scratchDir, randomUUID())
  }

  async open() {
    if (this.#session) return this.#session
    const { transcriber, settings } = this.options
    // Sandboxed programs have another user.
    await mkdir(this.#dir, { recursive: true, mode: 0o777 })
    this.#session = await transcriber.open({ ...settings, signal: this.#stop.signal, scratchDir: this.#dir })
    return this.#session
  }

  abort(reason: unknown) {
    this.#stop.abort(reason)
  }

  async close() {
    await this.#session?.close()
    await rm(this.#dir, { recursive: true, force: true })
  }
}

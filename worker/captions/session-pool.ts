import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Transcriber, TranscriberSession, TranscriberSessionOptions } from './transcriber'

/** The next part of a video usually starts on the same worker within this time. */
const IDLE_MS = 3_000
/** How long a session waits that was opened in advance. */
const PREPARED_MS = 30_000

interface SessionOptions {
  transcriber: Transcriber
  settings: Omit<TranscriberSessionOptions, 'signal' | 'scratchDir'>
  /** The folder of this worker for files of running tasks. */
  scratchDir: string
}

interface Options extends SessionOptions {
  /** The track: no session that has received untrusted audio is used for another one. */
  captionId: string
  /** Whether further parts with the same settings are likely. Default: true. */
  isKept?: boolean
  signal: AbortSignal
}

/**
 * Keeps the session of a track open for a moment after a part, so that its next part need not load the model, and opens one
 * in advance that has received no audio.
 */
export class SessionPool {
  readonly #idle = new Map<PooledSession, NodeJS.Timeout>()
  #prepared: { session: PooledSession; timer: NodeJS.Timeout } | undefined
  #useCount = 0

  /**
   * Opens a session for the next use with the same transcriber and settings, unless one is prepared or another session is in
   * use. Closes it if that does not happen in time.
   */
  prepare(options: SessionOptions) {
    if (this.#prepared || this.#useCount > 0) return
    const session = new PooledSession(options)
    const timer = setTimeout(() => {
      this.#prepared = undefined
      void session.close()
    }, PREPARED_MS)
    this.#prepared = { session, timer }
    // Its use reports the failure.
    session.open().catch(() => undefined)
  }

  /** Runs `work` with a session. An abort ends its processes; pending calls then throw the signal's reason. */
  async use<T>(options: Options, work: (session: TranscriberSession) => Promise<T>): Promise<T> {
    const pooled = this.#takeIdle(options) ?? this.#takePrepared(options) ?? new PooledSession(options)
    pooled.captionId = options.captionId
    this.#useCount++
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
      this.#useCount--
      options.signal.removeEventListener('abort', abort)
    }
  }

  #takeIdle(options: Options) {
    const { captionId } = options
    const pooled = [...this.#idle.keys()].find(
      (session) => session.captionId === captionId && session.matches(options),
    )
    if (!pooled) return undefined
    clearTimeout(this.#idle.get(pooled))
    this.#idle.delete(pooled)
    return pooled
  }

  #takePrepared(options: SessionOptions) {
    if (!this.#prepared?.session.matches(options)) return undefined
    const { session, timer } = this.#prepared
    clearTimeout(timer)
    this.#prepared = undefined
    return session
  }

  #keep(pooled: PooledSession) {
    const timer = setTimeout(() => {
      this.#idle.delete(pooled)
      void pooled.close()
    }, IDLE_MS)
    this.#idle.set(pooled, timer)
  }
}

const toKey = ({ transcriber, settings }: SessionOptions) => JSON.stringify([transcriber.title, settings])

/** A session that outlives the run of a task that opens it. */
class PooledSession {
  /** The track whose audio it has received. */
  captionId: string | undefined
  readonly #stop = new AbortController()
  readonly #dir: string
  #session: Promise<TranscriberSession> | undefined

  constructor(private readonly options: SessionOptions) {
    this.#dir = path.join(options.scratchDir, randomUUID())
  }

  matches = (options: SessionOptions) => toKey(options) === toKey(this.options)

  open() {
    return (this.#session ??= this.#open())
  }

  async #open() {
    const { transcriber, settings } = this.options
    // Sandboxed programs have another user.
    await mkdir(this.#dir, { recursive: true, mode: 0o777 })
    return transcriber.open({ ...settings, signal: this.#stop.signal, scratchDir: this.#dir })
  }

  abort(reason: unknown) {
    this.#stop.abort(reason)
  }

  async close() {
    // One that could not be opened has closed itself.
    const session = await this.#session?.catch(() => undefined)
    await session?.close()
    await rm(this.#dir, { recursive: true, force: true })
  }
}

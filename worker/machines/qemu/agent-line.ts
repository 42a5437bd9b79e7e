import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { AppError } from '@/lib/errors'
import { hearLines } from './hear-lines'
import { connectUnix } from './unix-socket'

const PING_AGAIN_MS = 500
const CONNECT_AGAIN_MS = 5
/** What may wait for a guest that does not listen, in bytes. */
const LONGEST_BACKLOG = 64 * 1024

type Listener = (word: string, rest: string) => void

/**
 * The line on which the agent of a machine is asked and answers. The guest's half, with the protocol, is
 * `worker/machines/guest/agent.sh`.
 */
export abstract class AgentLine {
  private control?: Promise<Socket>
  /** By the number that the request brought. They hear `lost` when the line breaks. */
  protected readonly listeners = new Map<string, Listener>()
  private readonly readyListeners = new Set<() => void>()
  private isClosed = false
  /** What this guest's agent can besides what the first ones could; it is known after a ping. */
  private skills: string[] = []
  private becoming: Promise<unknown> | undefined

  constructor(private readonly path: string) {}

  /** The agent was started, or is heard anew: what was open before may not be any more. */
  protected abstract forgetChannels(): void
  protected abstract freeChannel(number: number): void

  /** Resolves when the guest itself has answered a number it could not know. @throws the signal's reason */
  async ping(signal: AbortSignal) {
    const number = token()
    await this.connectedSoon(signal)
    await new Promise<void>((resolve, reject) => {
      const ask = () => void this.say(`ping ${number}`).catch(() => undefined)
      const clock = setInterval(ask, PING_AGAIN_MS)
      const settle = (end: () => void) => {
        clearInterval(clock)
        this.listeners.delete(number)
        this.readyListeners.delete(ask)
        signal.removeEventListener('abort', onAbort)
        end()
      }
      const onAbort = () => settle(() => reject(signal.reason as Error))
      this.listeners.set(number, (word, rest) => {
        if (word !== 'pong') return
        this.skills = rest.split(' ')
        settle(resolve)
      })
      this.readyListeners.add(ask)
      signal.addEventListener('abort', onAbort)
      if (signal.aborted) onAbort()
      else ask()
    })
  }

  get canBecome() {
    return this.skills.includes('become')
  }

  /**
   * Has the agent itself run a script, without a channel and what it takes to open one. It hears nothing else
   * meanwhile, and may lose it, so whatever else is to be said waits. Only where `canBecome`.
   * @returns the script's exit code
   * @throws {AppError} machine.silent, also after `timeoutMs`; the signal's reason
   */
  async become({ script, timeoutMs, signal }: { script: string; timeoutMs: number; signal: AbortSignal }) {
    signal.throwIfAborted()
    const number = token()
    const ended = Promise.withResolvers<number>()
    this.becoming = ended.promise.catch(() => undefined)
    const onAbort = () => ended.reject(signal.reason as Error)
    const onLost = () => ended.reject(silent())
    const clock = setTimeout(onLost, timeoutMs)
    // One that starts anew has forgotten what it was doing.
    this.readyListeners.add(onLost)
    this.listeners.set(number, (word, rest) => (word === 'done' ? ended.resolve(Number(rest)) : onLost()))
    signal.addEventListener('abort', onAbort)
    try {
      const bytes = Buffer.from(script)
      const socket = await this.connected()
      socket.write(Buffer.concat([Buffer.from(`become ${number} ${bytes.length}\n`), bytes]))
      return await ended.promise
    } finally {
      onLost()
      clearTimeout(clock)
      this.readyListeners.delete(onLost)
      this.listeners.delete(number)
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** The socket appears a moment after the process. */
  private async connectedSoon(signal: AbortSignal) {
    for (;;) {
      signal.throwIfAborted()
      if (this.isClosed) throw silent()
      if (await this.connected().catch(() => undefined)) return
      await new Promise((resolve) => setTimeout(resolve, CONNECT_AGAIN_MS))
    }
  }

  /** @throws {AppError} machine.silent, also where the guest has not listened to what was said before */
  async say(line: string) {
    await this.becoming
    const socket = await this.connected()
    if (socket.writableLength > LONGEST_BACKLOG) throw silent()
    socket.write(`${line}\n`)
  }

  private async connected() {
    if (this.isClosed) throw silent()
    this.control ??= this.connect().catch((error: unknown) => {
      this.control = undefined
      throw silent(error)
    })
    return this.control
  }

  private async connect() {
    const socket = await connectUnix(this.path)
    if (this.isClosed) socket.destroy()
    this.forgetChannels()
    socket.once('close', () => {
      this.control = undefined
      for (const listener of this.listeners.values()) listener('lost', '')
    })
    hearLines(socket, (line) => this.hear(line.trim()))
    return socket
  }

  private hear(line: string) {
    const [word = '', number = '', rest = ''] = line.split(' ')
    if (word === 'ready') {
      this.forgetChannels()
      for (const listener of this.readyListeners) listener()
    } else if (word === 'free') this.freeChannel(Number(number))
    else this.listeners.get(number)?.(word, rest)
  }

  close() {
    this.isClosed = true
    void this.control?.then((socket) => socket.destroy()).catch(() => undefined)
  }
}

export const token = () => randomBytes(12).toString('hex')

export const silent = (cause?: unknown) =>
  new AppError({
    code: 'machine.silent',
    message: 'The machine does not answer. Look at its console, or start it again.',
    status: 503,
    cause,
  })

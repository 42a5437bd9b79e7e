import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { AppError } from '@/lib/errors'
import { readLines } from './read-lines'
import { connectUnixSocket } from '../unix-socket'

const PING_INTERVAL_MS = 500
const CONNECT_RETRY_MS = 5
/** What may wait for a guest that does not listen, in bytes. */
const MAX_BACKLOG_BYTES = 64 * 1024

type ReplyListener = (word: string, rest: string) => void

/**
 * The line on which the agent of a machine is asked and answers. The guest's half, with the protocol, is
 * `worker/machines/drivers/qemu/guest/agent.sh`.
 */
export abstract class ControlChannel {
  private connection?: Promise<Socket>
  /** By the number that the request brought. They hear `lost` when the line breaks. */
  protected readonly listeners = new Map<string, ReplyListener>()
  private readonly readyListeners = new Set<() => void>()
  private isClosed = false
  /** What this guest's agent can besides what the first ones could; it is known after a ping. */
  private capabilities: string[] = []
  private inlineRun: Promise<unknown> | undefined

  constructor(private readonly path: string) {}

  /** The agent was started, or is heard anew: what was open before may not be any more. */
  protected abstract resetChannels(): void
  protected abstract releaseChannel(number: number): void

  /** Resolves when the guest itself has answered a number it could not know. @throws the signal's reason */
  async ping(signal: AbortSignal) {
    const number = createToken()
    await this.waitForConnection(signal)
    await new Promise<void>((resolve, reject) => {
      const ask = () => void this.send(`ping ${number}`).catch(() => undefined)
      const clock = setInterval(ask, PING_INTERVAL_MS)
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
        this.capabilities = rest.split(' ')
        settle(resolve)
      })
      this.readyListeners.add(ask)
      signal.addEventListener('abort', onAbort)
      if (signal.aborted) onAbort()
      else ask()
    })
  }

  get canRunInline() {
    return this.capabilities.includes('become')
  }

  /**
   * Has the agent itself run a script, without a channel and what it takes to open one. It hears nothing else
   * meanwhile, and may lose it, so whatever else is to be said waits. Only where `canBecome`.
   * @returns the script's exit code
   * @throws {AppError} machine.silent, also after `timeoutMs`; the signal's reason
   */
  async runInline({ script, timeoutMs, signal }: { script: string; timeoutMs: number; signal: AbortSignal }) {
    signal.throwIfAborted()
    const number = createToken()
    const ended = Promise.withResolvers<number>()
    this.inlineRun = ended.promise.catch(() => undefined)
    const onAbort = () => ended.reject(signal.reason as Error)
    const onLost = () => ended.reject(machineSilent())
    const clock = setTimeout(onLost, timeoutMs)
    // One that starts anew has forgotten what it was doing.
    this.readyListeners.add(onLost)
    this.listeners.set(number, (word, rest) => (word === 'done' ? ended.resolve(Number(rest)) : onLost()))
    signal.addEventListener('abort', onAbort)
    try {
      const bytes = Buffer.from(script)
      const socket = await this.getConnection()
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
  private async waitForConnection(signal: AbortSignal) {
    for (;;) {
      signal.throwIfAborted()
      if (this.isClosed) throw machineSilent()
      if (await this.getConnection().catch(() => undefined)) return
      await new Promise((resolve) => setTimeout(resolve, CONNECT_RETRY_MS))
    }
  }

  /** @throws {AppError} machine.silent, also where the guest has not listened to what was said before */
  async send(line: string) {
    await this.inlineRun
    const socket = await this.getConnection()
    if (socket.writableLength > MAX_BACKLOG_BYTES) throw machineSilent()
    socket.write(`${line}\n`)
  }

  private async getConnection() {
    if (this.isClosed) throw machineSilent()
    this.connection ??= this.connect().catch((error: unknown) => {
      this.connection = undefined
      throw machineSilent(error)
    })
    return this.connection
  }

  private async connect() {
    const socket = await connectUnixSocket(this.path)
    if (this.isClosed) socket.destroy()
    this.resetChannels()
    socket.once('close', () => {
      this.connection = undefined
      for (const listener of this.listeners.values()) listener('lost', '')
    })
    readLines(socket, (line) => this.handleLine(line.trim()))
    return socket
  }

  private handleLine(line: string) {
    const [word = '', number = '', rest = ''] = line.split(' ')
    if (word === 'ready') {
      this.resetChannels()
      for (const listener of this.readyListeners) listener()
    } else if (word === 'free') this.releaseChannel(Number(number))
    else this.listeners.get(number)?.(word, rest)
  }

  close() {
    this.isClosed = true
    void this.connection?.then((socket) => socket.destroy()).catch(() => undefined)
  }
}

export const createToken = () => randomBytes(12).toString('hex')

export const machineSilent = (cause?: unknown) =>
  new AppError({
    code: 'machine.silent',
    message: 'The machine does not answer. Look at its console, or start it again.',
    status: 503,
    cause,
  })

import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { waitUntil } from '@/lib/concurrency/wait-until'
import { machineSilent } from '../../machine-errors'
import { readLines } from './read-lines'
import { connectUnixSocket } from '../unix-socket'

const PING_INTERVAL_MS = 500
const CONNECT_RETRY_MS = 5
/** Limit on unsent bytes for a guest that does not read. */
const MAX_BACKLOG_BYTES = 64 * 1024

type ReplyListener = (word: string, rest: string) => void

/**
 * The control channel to the agent of a machine: requests and replies, one per line. The guest side and the protocol are in
 * `worker/machines/drivers/qemu/guest/agent.sh`.
 */
export abstract class ControlChannel {
  private connection?: Promise<Socket>
  /** By request. All receive the word `lost` when the connection closes. */
  protected readonly listeners = new Map<string, ReplyListener>()
  private readonly readyListeners = new Set<() => void>()
  private isClosed = false
  /** Features that this agent has in addition to those of the first version; known after a ping. */
  private capabilities: string[] = []
  private inlineRun: Promise<unknown> | undefined

  constructor(private readonly path: string) {}

  /** Called when the agent has started or was reconnected: channels open before may be closed. */
  protected abstract resetChannels(): void
  protected abstract releaseChannel(number: number): void

  /**
   * Resolves when the guest has returned a random token, which proves that the reply is not stale. Repeats the request until
   * then.
   * @throws the signal's reason
   */
  async ping(signal: AbortSignal) {
    const requestId = createToken()
    await this.waitForConnection(signal)
    await new Promise<void>((resolve, reject) => {
      const sendPing = () => void this.send(`ping ${requestId}`).catch(() => undefined)
      const timer = setInterval(sendPing, PING_INTERVAL_MS)
      const settle = (complete: () => void) => {
        clearInterval(timer)
        this.listeners.delete(requestId)
        this.readyListeners.delete(sendPing)
        signal.removeEventListener('abort', onAbort)
        complete()
      }
      const onAbort = () => settle(() => reject(signal.reason as Error))
      this.listeners.set(requestId, (word, rest) => {
        if (word !== 'pong') return
        this.capabilities = rest.split(' ')
        settle(resolve)
      })
      this.readyListeners.add(sendPing)
      signal.addEventListener('abort', onAbort)
      if (signal.aborted) onAbort()
      else sendPing()
    })
  }

  get canRunInline() {
    return this.capabilities.includes('become')
  }

  /**
   * Runs a script in the agent process, which is faster than opening a channel. The agent reads no other requests during the
   * run, so `send` waits for its end. Requires `canRunInline`. Returns the exit code.
   * @throws {AppError} machine.silent, also after `timeoutMs`; the signal's reason
   */
  async runInline({ script, timeoutMs, signal }: { script: string; timeoutMs: number; signal: AbortSignal }) {
    signal.throwIfAborted()
    const requestId = createToken()
    const ended = Promise.withResolvers<number>()
    this.inlineRun = ended.promise.catch(() => undefined)
    const onAbort = () => ended.reject(signal.reason as Error)
    const onLost = () => ended.reject(machineSilent())
    const timer = setTimeout(onLost, timeoutMs)
    // An agent that restarts has lost the script.
    this.readyListeners.add(onLost)
    this.listeners.set(requestId, (word, rest) => (word === 'done' ? ended.resolve(Number(rest)) : onLost()))
    signal.addEventListener('abort', onAbort)
    try {
      const bytes = Buffer.from(script)
      const socket = await this.getConnection()
      socket.write(Buffer.concat([Buffer.from(`become ${requestId} ${bytes.length}\n`), bytes]))
      return await ended.promise
    } finally {
      onLost()
      clearTimeout(timer)
      this.readyListeners.delete(onLost)
      this.listeners.delete(requestId)
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** Retries because QEMU creates the socket shortly after it starts. */
  private async waitForConnection(signal: AbortSignal) {
    const isConnected = async () => {
      if (this.isClosed) throw machineSilent()
      return Boolean(await this.getConnection().catch(() => undefined))
    }
    await waitUntil(isConnected, { intervalMs: CONNECT_RETRY_MS, signal })
  }

  /** Sends one line. @throws {AppError} machine.silent when not connected, or when the guest does not read its requests */
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
    const [word = '', subject = '', rest = ''] = line.split(' ')
    if (word === 'ready') {
      this.resetChannels()
      for (const listener of this.readyListeners) listener()
    } else if (word === 'free') this.releaseChannel(Number(subject))
    else this.listeners.get(subject)?.(word, rest)
  }

  close() {
    this.isClosed = true
    void this.connection?.then((socket) => socket.destroy()).catch(() => undefined)
  }
}

export const createToken = () => randomBytes(12).toString('hex')

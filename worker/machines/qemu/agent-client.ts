import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import type { Socket } from 'node:net'
import { AppError } from '@/lib/errors'
import { CHANNELS } from './command-line'
import { connectUnix } from './unix-socket'

const PING_AGAIN_MS = 500
const CONNECT_AGAIN_MS = 5
const OPEN_TIMEOUT_MS = 15_000
/** A channel whose connection has ended is free when the guest says so: soon, but not at once. */
const FREE_TIMEOUT_MS = 5_000

type Listener = (word: string, rest: string) => void

export interface Channel {
  socket: Socket
  /** Resolves with the code the guest's side ended with. Rejects when the machine is gone. */
  done: Promise<number>
}

/**
 * The host's half of the agent: one line-based control connection to a machine, and channels for what
 * runs inside. The guest's half, with the protocol, is `worker/machines/guest/agent.sh`.
 */
export class AgentClient {
  private control?: Promise<Socket>
  private readonly listeners = new Map<string, Listener>()
  private readonly busy = new Set<number>()
  private readonly readyListeners = new Set<() => void>()
  private readonly freeListeners = new Set<() => void>()
  private isClosed = false
  /** What this guest's agent can besides what the first ones could; it is known after a ping. */
  private skills: string[] = []

  constructor(private readonly pathOf: { control: string; channel(number: number): string }) {}

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
   * Has the agent itself run a script, without a channel and what it takes to open one. It hears nothing else meanwhile.
   * Only where `canBecome`.
   * @returns the script's exit code
   * @throws {AppError} machine.silent; the signal's reason
   */
  async become(script: string, signal: AbortSignal) {
    signal.throwIfAborted()
    const number = token()
    const bytes = Buffer.from(script)
    const ended = Promise.withResolvers<number>()
    const onAbort = () => ended.reject(signal.reason as Error)
    this.listeners.set(number, (word, rest) =>
      word === 'done' ? ended.resolve(Number(rest)) : ended.reject(silent()),
    )
    signal.addEventListener('abort', onAbort)
    try {
      ;(await this.connected()).write(
        Buffer.concat([Buffer.from(`become ${number} ${bytes.length}\n`), bytes]),
      )
      return await ended.promise
    } finally {
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

  say(line: string) {
    return this.connected().then((socket) => void socket.write(`${line}\n`))
  }

  /**
   * Opens a channel on which the guest does something; closing its socket ends that. While all are in use it
   * waits five seconds for one.
   * @throws {AppError} machine.busy when all channels are in use, machine.silent
   */
  async open(kind: 'run' | 'tcp', argument: number, secret = ''): Promise<Channel> {
    const until = performance.now() + FREE_TIMEOUT_MS
    do {
      const channel = await this.openFree(kind, argument, secret)
      if (channel) return channel
    } while (await this.isFreedBefore(until))
    throw new AppError({
      code: 'machine.busy',
      message: `This machine already has ${CHANNELS} scripts and connections open. Close one, then try again.`,
      status: 503,
    })
  }

  private async openFree(kind: 'run' | 'tcp', argument: number, secret: string) {
    for (let number = 1; number <= CHANNELS; number++) {
      if (this.busy.has(number)) continue
      this.busy.add(number)
      const channel = await this.tryOpen(number, `${kind} %N ${number} ${argument} ${secret}`).catch(
        (error) => {
          this.busy.delete(number)
          throw error
        },
      )
      if (channel) return channel
    }
    return undefined
  }

  private async isFreedBefore(until: number) {
    // One became free while another was tried.
    if (this.busy.size < CHANNELS) return performance.now() < until
    return new Promise<boolean>((resolve) => {
      const settle = (isFreed: boolean) => {
        clearTimeout(clock)
        this.freeListeners.delete(hear)
        resolve(isFreed)
      }
      const hear = () => settle(true)
      const clock = setTimeout(() => settle(false), Math.max(0, until - performance.now()))
      this.freeListeners.add(hear)
    })
  }

  private async tryOpen(channel: number, request: string) {
    const number = token()
    const socket = await connectUnix(this.pathOf.channel(channel)).catch((error: unknown) => {
      throw silent(error)
    })
    let finish: { resolve(code: number): void; reject(error: Error): void } | undefined
    const done = new Promise<number>((resolve, reject) => (finish = { resolve, reject }))
    done.catch(() => undefined)
    const answer = await new Promise<string>((resolve, reject) => {
      const clock = setTimeout(() => reject(silent()), OPEN_TIMEOUT_MS)
      this.listeners.set(number, (word, rest) => {
        clearTimeout(clock)
        if (word === 'done') finish?.resolve(Number(rest))
        else if (word === 'lost') finish?.reject(silent())
        resolve(word)
      })
      this.say(request.replace('%N', number)).catch(reject)
    }).catch((error: unknown) => {
      socket.destroy()
      throw error
    })
    socket.once('close', () => this.listeners.delete(number))
    if (answer === 'lost') throw silent()
    if (answer === 'open' || answer === 'done') return { socket, done }
    // Somebody before us left it in use; the guest says when it is free.
    socket.destroy()
    return undefined
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
    const socket = await connectUnix(this.pathOf.control)
    if (this.isClosed) socket.destroy()
    // Which channels are in use the guest knows better.
    this.busy.clear()
    socket.once('close', () => {
      this.control = undefined
      for (const listener of this.listeners.values()) listener('lost', '')
    })
    const lines = createInterface({ input: socket }).on('error', () => undefined)
    lines.on('line', (line) => this.hear(line.trim()))
    return socket
  }

  private hear(line: string) {
    const [word = '', number = '', rest = ''] = line.split(' ')
    if (word === 'ready') {
      // The guest has started anew: nothing of before is left in it.
      this.busy.clear()
      for (const listener of [...this.readyListeners, ...this.freeListeners]) listener()
    } else if (word === 'free') {
      this.busy.delete(Number(number))
      for (const listener of this.freeListeners) listener()
    } else this.listeners.get(number)?.(word, rest)
  }

  close() {
    this.isClosed = true
    void this.control?.then((socket) => socket.destroy()).catch(() => undefined)
  }
}

export const token = () => randomBytes(12).toString('hex')

const silent = (cause?: unknown) =>
  new AppError({
    code: 'machine.silent',
    message: 'The machine does not answer. Look at its console, or start it again.',
    status: 503,
    cause,
  })

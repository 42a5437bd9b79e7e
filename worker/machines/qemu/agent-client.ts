import type { Socket } from 'node:net'
import { AppError } from '@/lib/errors'
import { AgentLine, silent, token } from './agent-line'
import { CHANNELS } from './command-line'
import { connectUnix } from './unix-socket'

const OPEN_TIMEOUT_MS = 15_000
/** A channel whose connection has ended is free when the guest says so: soon, but not at once. */
const FREE_TIMEOUT_MS = 5_000

export interface Channel {
  socket: Socket
  /** Resolves with the code the guest's side ended with. Rejects when the machine is gone. */
  done: Promise<number>
}

/** The host's half of the agent: its line, and channels for what runs inside. */
export class AgentClient extends AgentLine {
  private readonly busy = new Set<number>()
  private readonly freeListeners = new Set<() => void>()

  constructor(private readonly pathOf: { control: string; channel(number: number): string }) {
    super(pathOf.control)
  }

  /** Which are in use the guest knows better. */
  protected forgetChannels() {
    this.busy.clear()
    for (const listener of this.freeListeners) listener()
  }

  protected freeChannel(number: number) {
    this.busy.delete(number)
    for (const listener of this.freeListeners) listener()
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
    const { promise: done, ...finish } = Promise.withResolvers<number>()
    done.catch(() => undefined)
    const answer = Promise.withResolvers<string>()
    const clock = setTimeout(() => answer.reject(silent()), OPEN_TIMEOUT_MS)
    this.listeners.set(number, (word, rest) => {
      if (word === 'done') finish.resolve(Number(rest))
      else if (word === 'lost') finish.reject(silent())
      answer.resolve(word)
    })
    socket.once('close', () => {
      this.listeners.delete(number)
      answer.reject(silent())
    })
    try {
      this.say(request.replace('%N', number)).catch(answer.reject)
      const word = await answer.promise
      if (word === 'open' || word === 'done') return { socket, done }
      // Somebody before us left it in use; the guest says when it is free.
      socket.destroy()
      if (word === 'lost') throw silent()
      return undefined
    } catch (error) {
      socket.destroy()
      throw error
    } finally {
      clearTimeout(clock)
    }
  }
}

import type { Socket } from 'node:net'
import { AppError } from '@/lib/errors'
import { ControlChannel, machineSilent, createToken } from './control-channel'
import { AGENT_CHANNEL_COUNT } from '../lifecycle/qemu-args'
import { connectUnixSocket } from '../unix-socket'

const OPEN_TIMEOUT_MS = 15_000
/** A channel whose connection has ended is free when the guest says so: soon, but not at once. */
const FREE_CHANNEL_TIMEOUT_MS = 5_000

export interface AgentChannel {
  socket: Socket
  /** Resolves with the code the guest's side ended with. Rejects when the machine is gone. */
  done: Promise<number>
}

/** The host's half of the agent: its line, and channels for what runs inside. */
export class AgentClient extends ControlChannel {
  private readonly busyChannels = new Set<number>()
  private readonly freeListeners = new Set<() => void>()

  constructor(private readonly socketPaths: { control: string; channel(number: number): string }) {
    super(socketPaths.control)
  }

  /** Which are in use the guest knows better. */
  protected resetChannels() {
    this.busyChannels.clear()
    for (const listener of this.freeListeners) listener()
  }

  protected releaseChannel(number: number) {
    this.busyChannels.delete(number)
    for (const listener of this.freeListeners) listener()
  }

  /**
   * Opens a channel on which the guest does something; closing its socket ends that. While all are in use it
   * waits five seconds for one.
   * @throws {AppError} machine.busy when all channels are in use, machine.silent
   */
  async openChannel(kind: 'run' | 'tcp', argument: number, secret = ''): Promise<AgentChannel> {
    const until = performance.now() + FREE_CHANNEL_TIMEOUT_MS
    do {
      const channel = await this.openFreeChannel(kind, argument, secret)
      if (channel) return channel
    } while (await this.waitForFreeChannel(until))
    throw new AppError({
      code: 'machine.busy',
      message: `This machine already has ${AGENT_CHANNEL_COUNT} scripts and connections open. Close one, then try again.`,
      status: 503,
    })
  }

  private async openFreeChannel(kind: 'run' | 'tcp', argument: number, secret: string) {
    for (let number = 1; number <= AGENT_CHANNEL_COUNT; number++) {
      if (this.busyChannels.has(number)) continue
      this.busyChannels.add(number)
      const channel = await this.tryOpenChannel(number, `${kind} %N ${number} ${argument} ${secret}`).catch(
        (error) => {
          this.busyChannels.delete(number)
          throw error
        },
      )
      if (channel) return channel
    }
    return undefined
  }

  private async waitForFreeChannel(until: number) {
    // One became free while another was tried.
    if (this.busyChannels.size < AGENT_CHANNEL_COUNT) return performance.now() < until
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

  private async tryOpenChannel(channel: number, request: string) {
    const number = createToken()
    const socket = await connectUnixSocket(this.socketPaths.channel(channel)).catch((error: unknown) => {
      throw machineSilent(error)
    })
    const { promise: done, ...finish } = Promise.withResolvers<number>()
    done.catch(() => undefined)
    const answer = Promise.withResolvers<string>()
    const clock = setTimeout(() => answer.reject(machineSilent()), OPEN_TIMEOUT_MS)
    this.listeners.set(number, (word, rest) => {
      if (word === 'done') finish.resolve(Number(rest))
      else if (word === 'lost') finish.reject(machineSilent())
      answer.resolve(word)
    })
    socket.once('close', () => {
      this.listeners.delete(number)
      answer.reject(machineSilent())
    })
    try {
      this.send(request.replace('%N', number)).catch(answer.reject)
      const word = await answer.promise
      if (word === 'open' || word === 'done') return { socket, done }
      // Somebody before us left it in use; the guest says when it is free.
      socket.destroy()
      if (word === 'lost') throw machineSilent()
      return undefined
    } catch (error) {
      socket.destroy()
      throw error
    } finally {
      clearTimeout(clock)
    }
  }
}

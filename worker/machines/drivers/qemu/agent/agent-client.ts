import type { Socket } from 'node:net'
import { AppError } from '@/lib/errors'
import { ControlChannel, createToken } from './control-channel'
import { AGENT_CHANNEL_COUNT } from '../lifecycle/qemu-args'
import { machineFiles } from '../state/machine-files'
import { connectUnixSocket } from '../unix-socket'
import { machineSilent } from '../../machine-errors'

const OPEN_TIMEOUT_MS = 15_000
/** The guest reports shortly after a connection has ended that its channel is free. */
const FREE_CHANNEL_TIMEOUT_MS = 5_000

export interface AgentChannel {
  socket: Socket
  /** Resolves with the exit code of the program in the guest. Rejects with machine.silent when the machine is gone. */
  done: Promise<number>
}

/** The host side of the agent: the control channel, and data channels for scripts and TCP connections. */
export class AgentClient extends ControlChannel {
  private readonly busyChannels = new Set<number>()
  private readonly freeListeners = new Set<() => void>()

  constructor(private readonly socketPaths: { control: string; channel(number: number): string }) {
    super(socketPaths.control)
  }

  /** After a reset only the guest knows which channels are in use: it refuses those. */
  protected resetChannels() {
    this.busyChannels.clear()
    for (const listener of this.freeListeners) listener()
  }

  protected releaseChannel(number: number) {
    this.busyChannels.delete(number)
    for (const listener of this.freeListeners) listener()
  }

  /**
   * Opens a channel for a script or a TCP connection in the guest. Closing its socket kills the script or closes the
   * connection. Waits up to five seconds for a free channel.
   * @throws {AppError} machine.busy when all channels are in use, machine.silent
   */
  async openChannel(kind: 'run' | 'tcp', argument: number, secret = ''): Promise<AgentChannel> {
    const deadline = performance.now() + FREE_CHANNEL_TIMEOUT_MS
    do {
      const channel = await this.openFreeChannel(kind, argument, secret)
      if (channel) return channel
    } while (await this.waitForFreeChannel(deadline))
    throw new AppError({
      code: 'machine.busy',
      message: `This machine already has ${AGENT_CHANNEL_COUNT} open scripts and connections. Close one and try again.`,
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

  private async waitForFreeChannel(deadline: number) {
    // One became free while another one was opening.
    if (this.busyChannels.size < AGENT_CHANNEL_COUNT) return performance.now() < deadline
    return new Promise<boolean>((resolve) => {
      const settle = (isFreed: boolean) => {
        clearTimeout(timer)
        this.freeListeners.delete(onFree)
        resolve(isFreed)
      }
      const onFree = () => settle(true)
      const timer = setTimeout(() => settle(false), Math.max(0, deadline - performance.now()))
      this.freeListeners.add(onFree)
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
    const timer = setTimeout(() => answer.reject(machineSilent()), OPEN_TIMEOUT_MS)
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
      // Still in use by an earlier client; the guest reports when it is free.
      socket.destroy()
      if (word === 'lost') throw machineSilent()
      return undefined
    } catch (error) {
      socket.destroy()
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
}

/** The agent client of the machine in `folder`. Connects on first use. */
export const createAgentClient = (folder: string) =>
  new AgentClient({
    control: `${folder}/${machineFiles.control}`,
    channel: (number) => `${folder}/${machineFiles.channel(number)}`,
  })

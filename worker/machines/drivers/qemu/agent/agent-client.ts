import type { Socket } from 'node:net'
import { AppError } from '@/lib/errors'
import { ControlChannel, createToken } from './control-channel'
import { AGENT_CHANNEL_COUNT } from '../lifecycle/qemu-args'
import { guestFileOf, guestFiles } from '../state/machine-files'
import { connectUnixSocket } from '../unix-socket'
import { machineSilent } from '../../machine-errors'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

const OPEN_TIMEOUT_MS = 15_000
/** The guest releases a channel shortly after its connection has ended. */
const FREE_CHANNEL_TIMEOUT_MS = 5_000

interface ChannelRequest {
  /** `run` runs a script, `tcp` connects to a port. */
  kind: 'run' | 'tcp'
  /** The length of the script in bytes, or the port. */
  argument: number
  /** Marks the end of the script's output. */
  token?: string
}

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

  /** Marks all channels as free: the guest refuses those that are in use. */
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
  async openChannel(request: ChannelRequest): Promise<AgentChannel> {
    const deadline = performance.now() + FREE_CHANNEL_TIMEOUT_MS
    do {
      const channel = await this.openFreeChannel(request)
      if (channel) return channel
    } while (await this.waitForFreeChannel(deadline))
    throw new AppError({
      code: 'machine.busy',
      message: messages.channelsBusy({ count: AGENT_CHANNEL_COUNT }),
      status: 503,
    })
  }

  private async openFreeChannel(request: ChannelRequest) {
    for (let number = 1; number <= AGENT_CHANNEL_COUNT; number++) {
      if (this.busyChannels.has(number)) continue
      this.busyChannels.add(number)
      const channel = await this.tryOpenChannel(number, request).catch((error: unknown) => {
        this.busyChannels.delete(number)
        throw error
      })
      if (channel) return channel
    }
    return undefined
  }

  private async waitForFreeChannel(deadline: number) {
    // Another channel was released while one was opening.
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

  /** Returns undefined if the guest refuses because the channel is in use. */
  private async tryOpenChannel(channel: number, { kind, argument, token = '' }: ChannelRequest) {
    const requestId = createToken()
    const socket = await connectUnixSocket(this.socketPaths.channel(channel)).catch((error: unknown) => {
      throw machineSilent(error)
    })
    const { promise: done, ...finish } = Promise.withResolvers<number>()
    done.catch(() => undefined)
    const reply = Promise.withResolvers<string>()
    const timer = setTimeout(() => reply.reject(machineSilent()), OPEN_TIMEOUT_MS)
    this.listeners.set(requestId, (word, rest) => {
      if (word === 'done') finish.resolve(Number(rest))
      else if (word === 'lost') finish.reject(machineSilent())
      reply.resolve(word)
    })
    socket.once('close', () => {
      this.listeners.delete(requestId)
      reply.reject(machineSilent())
    })
    try {
      this.send(`${kind} ${requestId} ${channel} ${argument} ${token}`).catch(reply.reject)
      const word = await reply.promise
      if (word === 'open' || word === 'done') return { socket, done }
      // An earlier client still uses it. The guest reports when it is free.
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
    control: guestFileOf(folder, guestFiles.control),
    channel: (number) => guestFileOf(folder, guestFiles.channel(number)),
  })

import { Duplex } from 'node:stream'
import { waitUntil } from '@/lib/concurrency/wait-until'
import type { AgentClient, AgentChannel } from './agent-client'

const DRAIN_INTERVAL_MS = 5

/**
 * Opens a connection to a TCP port of the guest through the agent, which needs no network and no port on the host. The stream
 * ends when the program in the guest closes the connection; destroy it to close the connection from the host.
 * @throws {AppError} machine.busy, machine.silent
 */
export async function openGuestConnection(agent: AgentClient, port: number): Promise<Duplex> {
  const channel = await agent.openChannel({ kind: 'tcp', argument: port })
  return new GuestConnection(channel, port)
}

class GuestConnection extends Duplex {
  private received = 0

  constructor(
    private readonly channel: AgentChannel,
    port: number,
  ) {
    super()
    const { socket, done } = channel
    socket.on('data', (chunk: Buffer) => {
      this.received += chunk.length
      if (!this.push(chunk)) socket.pause()
    })
    socket.once('close', () => this.push(null))
    done.then(
      (code) => void this.endWhenDrained(code, port),
      (error: Error) => this.destroy(error),
    )
  }

  override _read() {
    this.channel.socket.resume()
  }

  override _write(chunk: Buffer, _encoding: string, callback: (error?: Error | null) => void) {
    this.channel.socket.write(chunk, callback)
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void) {
    this.channel.socket.destroy()
    callback(error)
  }

  /** `done` arrives on the control channel and can overtake the last bytes of the data channel. */
  private async endWhenDrained(code: number, port: number) {
    let receivedBefore = -1
    const isDrained = () => {
      const isIdle = this.received === receivedBefore && !this.channel.socket.isPaused()
      receivedBefore = this.received
      return isIdle || this.destroyed
    }
    await waitUntil(isDrained, { intervalMs: DRAIN_INTERVAL_MS })
    if (this.destroyed) return
    if (code !== 0 && this.received === 0) {
      const refused = Object.assign(new Error(`nothing listens on port ${port} of the machine`), {
        code: 'ECONNREFUSED',
      })
      this.destroy(refused)
    } else this.channel.socket.destroy()
  }
}

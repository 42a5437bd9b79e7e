import { Duplex } from 'node:stream'
import type { AgentClient, AgentChannel } from './agent-client'

/**
 * A connection to a TCP port of the guest, through the agent: it works without any network, and
 * nothing listens on the host. It ends when the service closes; to close it from here, destroy it.
 */
export async function openGuestConnection(agent: AgentClient, port: number): Promise<Duplex> {
  const channel = await agent.openChannel('tcp', port)
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

  /** The last bytes arrived before the news, but on another socket. */
  private async endWhenDrained(code: number, port: number) {
    for (let before = -1; before !== this.received || this.channel.socket.isPaused();) {
      before = this.received
      await new Promise((resolve) => setTimeout(resolve, 5))
      if (this.destroyed) return
    }
    if (code !== 0 && this.received === 0) {
      const refused = Object.assign(new Error(`nothing listens on port ${port} of the machine`), {
        code: 'ECONNREFUSED',
      })
      this.destroy(refused)
    } else this.channel.socket.destroy()
  }
}

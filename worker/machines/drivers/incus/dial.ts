import { Duplex } from 'node:stream'
import type WebSocket from 'ws'
import type { Cluster } from './cluster'

/** Connects standard input and output with port $1: by nc, or by bash where the image has none. */
const DIAL = `if command -v nc >/dev/null 2>&1; then exec nc 127.0.0.1 "$1"; fi
exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/"$0" || exit 1; cat <&0 >&3 & cat <&3; kill $!' "$1"`

/**
 * Connects to a TCP port in the guest of the instance at `path` of the API, through a program that runs in it: this needs no
 * network between worker and guest. The stream fails with ECONNREFUSED if the program ends with an error before any output.
 * @throws {AppError} as `Cluster.request`
 */
export async function dial(cluster: Cluster, path: string, port: number): Promise<Duplex> {
  const operation = await cluster.startOperation({
    method: 'POST',
    path: `${path}/exec`,
    body: {
      command: ['/bin/sh', '-c', DIAL, 'sh', `${port}`],
      interactive: false,
      'wait-for-websocket': true,
    },
  })
  const { fds } = operation.metadata as { fds: Record<string, string> }
  const sockets = await Promise.all(['0', '1', '2'].map((fd) => cluster.openWebSocket(operation, fds[fd]!)))
  const [input, output, errors] = sockets as [WebSocket, WebSocket, WebSocket]
  const exitCode = cluster
    .waitForOperation(operation)
    .then(({ metadata }) => Number(metadata?.['return']))
    // LXD reports some codes as failures of its own.
    .catch(() => 1)
  return new Tunnel({ input, output, errors, exitCode })
}

interface Parts {
  input: WebSocket
  output: WebSocket
  errors: WebSocket
  exitCode: Promise<number>
}

class Tunnel extends Duplex {
  private hasOutput = false

  constructor(private readonly parts: Parts) {
    super()
    const { output, errors } = parts
    output.on('message', (bytes: Buffer, isBinary) => {
      if (!isBinary) return void this.endOutput()
      this.hasOutput = true
      if (!this.push(bytes)) output.pause()
    })
    output.on('close', () => void this.endOutput())
    errors.resume()
  }

  private async endOutput() {
    const hasFailed = !this.hasOutput && (await this.parts.exitCode) !== 0
    if (hasFailed) this.destroy(Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' }))
    else if (!this.readableEnded && !this.destroyed) this.push(null)
  }

  override _read() {
    this.parts.output.resume()
  }

  override _write(bytes: Buffer, _: BufferEncoding, callback: (error?: Error | null) => void) {
    this.parts.input.send(bytes, { binary: true }, callback)
  }

  override _final(callback: (error?: Error | null) => void) {
    // A text message ends standard input.
    this.parts.input.send('', callback)
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void) {
    const { input, output, errors } = this.parts
    for (const socket of [input, output, errors]) socket.terminate()
    callback(error)
  }
}

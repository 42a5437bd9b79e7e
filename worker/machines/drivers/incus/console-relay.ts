import { setTimeout as delay } from 'node:timers/promises'
import type WebSocket from 'ws'
import type { ConsoleChunk, MachineConsole } from '@/worker/machines/hypervisor'
import { ConsoleViewers } from '../console-viewers'
import type { Cluster } from './cluster'
import { consoleBusy } from './incus-errors'

const MAX_RECORDED_BYTES = 1024 ** 2
/** Limit on typed bytes that the guest has not read. */
const MAX_INPUT_BACKLOG_BYTES = 1024 ** 2
/** Within it, the cluster ends a console that another client still has: an earlier worker, for a moment after its death. */
const REFUSAL_MS = 150
const ATTACH_RETRY_MS = 300
const ATTACH_TIMEOUT_MS = 10_000
const END_TIMEOUT_MS = 2_000
const LEAVE_TIMEOUT_MS = 500

interface Attachment {
  data: WebSocket
  control: WebSocket
  /** What was printed meanwhile. */
  early: Buffer[]
}

interface Options {
  cluster: Cluster
  /** Of the instance in the API. */
  path: string
  /** Called once when the console has ended. */
  onEnd(): void
}

/**
 * The console of one instance. The cluster admits one client to it, so that all viewers share this one. What it prints is
 * recorded as long as this process runs.
 */
export class ConsoleRelay {
  readonly recording: ConsoleChunk[] = []
  private recordedBytes = 0
  private readonly viewers = new ConsoleViewers()
  readonly data: WebSocket
  readonly control: WebSocket
  private isEnded = false
  private readonly ended = Promise.withResolvers<void>()
  private isResizing = false
  private wantedSize?: { columns: number; rows: number }

  private constructor(
    private readonly options: Options,
    { data, control, early }: Attachment,
  ) {
    this.data = data
    this.control = control
    for (const bytes of early) this.publish(bytes)
    data.on('message', (bytes: Buffer, isBinary) => (isBinary ? this.publish(bytes) : this.end()))
    data.on('close', () => this.end())
    data.resume()
  }

  /** @throws {AppError} machine.busy while another client has the console, or as `Cluster.request` */
  static async open(options: Options) {
    const startedAt = performance.now()
    for (;;) {
      const attachment = await attach(options)
      if (attachment) return new ConsoleRelay(options, attachment)
      if (performance.now() - startedAt > ATTACH_TIMEOUT_MS) throw consoleBusy()
      await delay(ATTACH_RETRY_MS)
    }
  }

  attachViewer(): MachineConsole {
    return this.viewers.attach({
      write: (bytes) => {
        const isOpen = this.data.readyState === this.data.OPEN
        if (isOpen && this.data.bufferedAmount <= MAX_INPUT_BACKLOG_BYTES) this.data.send(bytes)
      },
      resize: (size) => this.resize(size),
    })
  }

  end() {
    if (this.isEnded) return
    this.isEnded = true
    this.ended.resolve()
    void leave(this)
    this.options.onEnd()
    this.viewers.end()
  }

  /**
   * Waits until the cluster ends the console of an instance that has stopped. LXD 5.0 may crash when a client leaves one at
   * that moment (canonical/lxd#9839).
   */
  async endWithInstance() {
    await Promise.race([this.ended.promise, delay(END_TIMEOUT_MS, undefined, { ref: false })])
    this.end()
  }

  /** Leaves the console without notifying the viewers. */
  async close() {
    this.isEnded = true
    await leave(this)
  }

  private publish(bytes: Buffer) {
    this.recording.push({ at: new Date(), bytes })
    this.recordedBytes += bytes.length
    while (this.recordedBytes > MAX_RECORDED_BYTES) this.recordedBytes -= this.recording.shift()!.bytes.length
    this.viewers.publish(bytes)
  }

  private resize(size: { columns: number; rows: number }) {
    this.wantedSize = size
    if (!this.isResizing) void this.applySizes()
  }

  /** One at a time, and only the latest. */
  private async applySizes() {
    this.isResizing = true
    while (this.wantedSize && !this.isEnded) {
      const size = this.wantedSize
      this.wantedSize = undefined
      await this.applySize(size).catch(() => undefined)
    }
    this.isResizing = false
  }

  private async applySize({ columns, rows }: { columns: number; rows: number }) {
    const args = { width: `${columns}`, height: `${rows}` }
    this.control.send(JSON.stringify({ command: 'window-resize', args }))
    // LXD 5.0 does not pass the size on to the console of a container.
    const { cluster, path } = this.options
    const command = [
      '/bin/sh',
      '-c',
      'stty rows "$1" cols "$2" < /dev/console',
      'sh',
      `${rows}`,
      `${columns}`,
    ]
    await cluster.runOperation({
      method: 'POST',
      path: `${path}/exec`,
      body: { command, interactive: false },
    })
  }
}

/** Attaches to the console; undefined if the cluster ends it at once. */
async function attach({ cluster, path }: Options): Promise<Attachment | undefined> {
  const body = { type: 'console', width: 80, height: 24 }
  const operation = await cluster.startOperation({ method: 'POST', path: `${path}/console`, body })
  const { fds } = operation.metadata as { fds: Record<string, string> }
  // LXD begins when it has the other one, and crashes if that ends before the control connection exists.
  const control = await cluster.openWebSocket(operation, fds['control']!)
  const data = await cluster.openWebSocket(operation, fds['0']!).catch((error: unknown) => {
    control.terminate()
    throw error
  })
  const early: Buffer[] = []
  const ended = new Promise<true>((resolve) => {
    data.on('message', (bytes: Buffer, isBinary) => void (isBinary ? early.push(bytes) : resolve(true)))
    data.once('close', () => resolve(true))
  })
  data.resume()
  control.resume()
  const isRefused = await Promise.race([ended, delay(REFUSAL_MS, false)])
  data.pause()
  data.removeAllListeners('message')
  if (!isRefused) return { data, control, early }
  void leave({ data, control })
}

/**
 * Ends the data connection first: LXD 5.0 may crash if the control connection ends while output arrives. It answers at once in
 * that case, and without output not before the control connection has ended.
 */
async function leave({ data, control }: Pick<Attachment, 'data' | 'control'>) {
  if (data.readyState !== data.CLOSED) {
    // Not `once`, which rejects if the connection fails meanwhile.
    const closed = new Promise((resolve) => data.once('close', resolve))
    data.resume()
    data.close()
    await Promise.race([closed, delay(LEAVE_TIMEOUT_MS)])
  }
  control.terminate()
  data.terminate()
}

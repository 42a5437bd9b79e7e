import { type EC2Client, GetConsoleOutputCommand } from '@aws-sdk/client-ec2'
import { runEvery } from '@/lib/concurrency/run-every'
import { errorMessage } from '@/lib/errors'
import { log } from '@/lib/log'
import { findOverlapBytes } from '@/worker/machines/host/console/overlap'
import type { ConsoleChunk, MachineConsole } from '@/worker/machines/hypervisor'
import { ConsoleViewers } from '../console-viewers'
import { isLatestUnsupported } from './ec2-errors'
import type { SerialSession } from './serial-console'

/** Of EC2. */
const MAX_OUTPUT_BYTES = 64 * 1024
/** EC2 needs up to 30 s until it admits the next session: a page that is reloaded finds this one. */
const LINGER_MS = 60_000

interface Options {
  ec2: EC2Client
  instanceId: string
  pollMs: number
  /** Whether the instance still runs. */
  isRunning(): Promise<boolean>
  /** Opens the serial console, which takes input. Default: there is none. */
  openSerial?(): Promise<SerialSession>
  /** Called once when the console has ended. */
  onEnd(): void
}

/**
 * The console of one instance. Its output is read from EC2 while it has viewers: all of it on the Nitro system, elsewhere what
 * EC2 copied minutes ago. EC2 keeps the last 64 KiB, and takes no input this way. The serial console does; all viewers share
 * its one session.
 */
export class ConsoleOutput {
  private seen: ConsoleChunk = { at: new Date(0), bytes: Buffer.alloc(0) }
  private readonly viewers = new ConsoleViewers()
  private stopPolling?: () => Promise<void>
  private session?: SerialSession
  private opening?: Promise<void>
  private lingering?: NodeJS.Timeout
  /** Why there is no session. */
  private failure?: string

  constructor(private readonly options: Options) {}

  /** Reads what EC2 has now, and sends what is new to the viewers. During a session, returns what that has shown. */
  async read(): Promise<ConsoleChunk> {
    if (this.session) return this.seen
    const chunk = await readOutput(this.options.ec2, this.options.instanceId)
    const isFirst = this.seen.bytes.length === 0
    const news = chunk.bytes.subarray(findOverlapBytes(this.seen.bytes, chunk.bytes))
    this.seen = chunk
    if (news.length > 0 && !isFirst) this.viewers.publish(news)
    return chunk
  }

  /** As `read`, with the reason why it takes no input. */
  async readRecording(): Promise<ConsoleChunk[]> {
    const chunk = await this.read()
    return this.failure === undefined ? [chunk] : [chunk, { at: new Date(), bytes: toNotice(this.failure) }]
  }

  async attachViewer(): Promise<MachineConsole> {
    clearTimeout(this.lingering)
    const viewer = this.viewers.attach({
      write: (bytes) => this.session?.write(bytes),
      resize: () => undefined,
      onEmpty: () => this.leave(),
    })
    this.stopPolling ??= runEvery({
      work: () => this.poll(),
      pauseMs: this.options.pollMs,
      failureMessage: 'console output not read',
    })
    await this.connect()
    return viewer
  }

  /** Whether it has viewers, or had until lately. */
  private get isOpen() {
    return this.stopPolling !== undefined
  }

  private async poll() {
    const isRunning = await this.options.isRunning()
    if (isRunning) await this.connect()
    await this.read()
    if (!isRunning) this.end()
  }

  /** Opens the serial console unless it is open. The next poll repeats a failed attempt. */
  private async connect() {
    const { openSerial } = this.options
    if (!openSerial || this.session || !this.isOpen) return
    this.opening ??= this.openSession(openSerial).finally(() => (this.opening = undefined))
    await this.opening
  }

  private async openSession(openSerial: () => Promise<SerialSession>) {
    try {
      // It shows nothing of what was printed before.
      await this.read()
      const session = await openSerial()
      this.failure = undefined
      if (this.isOpen) this.adopt(session)
      else session.close()
    } catch (error) {
      this.reportFailure(error)
    }
  }

  /** A session may still report data, and its end, when the next one is open. */
  private adopt(session: SerialSession) {
    this.session = session
    session.onData((bytes) => this.session === session && this.receive(bytes))
    session.onClose(() => {
      if (this.session === session) this.session = undefined
    })
  }

  private reportFailure(error: unknown) {
    const failure = errorMessage(error)
    if (failure === this.failure) return
    this.failure = failure
    log.warn({ err: error, instanceId: this.options.instanceId }, 'serial console not opened')
    this.viewers.publish(toNotice(failure))
  }

  private receive(bytes: Buffer) {
    const all = Buffer.concat([this.seen.bytes, bytes])
    this.seen = { at: new Date(), bytes: all.subarray(-MAX_OUTPUT_BYTES) }
    this.viewers.publish(bytes)
  }

  private leave() {
    if (!this.session && !this.opening) return this.close()
    this.lingering = setTimeout(() => this.close(), LINGER_MS).unref()
  }

  end() {
    this.close()
    this.options.onEnd()
    this.viewers.end()
  }

  close() {
    clearTimeout(this.lingering)
    void this.stopPolling?.()
    this.stopPolling = undefined
    this.session?.close()
    this.session = undefined
  }
}

const toNotice = (failure: string) => Buffer.from(`\r\n\u001b[33m${failure} Output only.\u001b[0m\r\n`)

async function readOutput(ec2: EC2Client, instanceId: string): Promise<ConsoleChunk> {
  const read = (more: { Latest?: true }) =>
    ec2.send(new GetConsoleOutputCommand({ InstanceId: instanceId, ...more }))
  const answer = await read({ Latest: true }).catch((error: unknown) => {
    if (isLatestUnsupported(error)) return read({})
    throw error
  })
  const { Timestamp: at = new Date(), Output: output = '' } = answer
  return { at, bytes: Buffer.from(output, 'base64') }
}

import { type EC2Client, GetConsoleOutputCommand } from '@aws-sdk/client-ec2'
import { runEvery } from '@/lib/concurrency/run-every'
import { findOverlapBytes } from '@/worker/machines/host/console/overlap'
import type { ConsoleChunk, MachineConsole } from '@/worker/machines/hypervisor'
import { isLatestUnsupported } from './ec2-errors'

interface Options {
  ec2: EC2Client
  instanceId: string
  pollMs: number
  /** Whether the instance still runs. */
  isRunning(): Promise<boolean>
}

/**
 * The console output of one instance, read from EC2 while it has viewers: all of it on the Nitro system, elsewhere what EC2
 * copied minutes ago. EC2 keeps the last 64 KiB, and takes no input this way.
 */
export class ConsoleOutput {
  private seen: ConsoleChunk = { at: new Date(0), bytes: Buffer.alloc(0) }
  private readonly viewers = new Set<(bytes: Buffer) => void>()
  private readonly endListeners = new Set<() => void>()
  private stopPolling?: () => Promise<void>

  constructor(private readonly options: Options) {}

  /** Reads what EC2 has now, and sends what is new to the viewers. */
  async read(): Promise<ConsoleChunk> {
    const chunk = await readOutput(this.options.ec2, this.options.instanceId)
    const isFirst = this.seen.bytes.length === 0
    const news = chunk.bytes.subarray(findOverlapBytes(this.seen.bytes, chunk.bytes))
    this.seen = chunk
    if (news.length > 0 && !isFirst) for (const onData of this.viewers) onData(news)
    return chunk
  }

  attachViewer(): MachineConsole {
    const listeners = new Set<() => void>()
    let onData: ((bytes: Buffer) => void) | undefined
    this.stopPolling ??= runEvery({
      work: () => this.poll(),
      pauseMs: this.options.pollMs,
      failureMessage: 'console output not read',
    })
    return {
      onData: (listener) => {
        if (onData) this.viewers.delete(onData)
        this.viewers.add((onData = listener))
      },
      onEnd: (listener) => {
        listeners.add(listener)
        this.endListeners.add(listener)
      },
      write: () => undefined,
      resize: () => undefined,
      close: () => {
        if (onData) this.viewers.delete(onData)
        for (const listener of listeners) this.endListeners.delete(listener)
        if (this.viewers.size === 0 && this.endListeners.size === 0) this.close()
      },
    }
  }

  private async poll() {
    await this.read()
    if (!(await this.options.isRunning())) this.end()
  }

  end() {
    this.close()
    for (const onEnd of this.endListeners) onEnd()
  }

  close() {
    void this.stopPolling?.()
    this.stopPolling = undefined
  }
}

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

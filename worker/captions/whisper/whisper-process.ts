import { readFileSync } from 'node:fs'
import { AppError } from '@/lib/errors'
import { nicenessArgs, NICENESS } from '@/worker/process/niceness'
import { type ProcessGroup, spawnGroup } from '@/worker/process/process-group'
import { confinedEnv } from '@/worker/process/program-env'
import type { WhisperResponse, WhisperRequest } from './messages'
import { projectPath } from '@/lib/process/project-path'

const CHILD_COMMAND = [
  ...'setpriv --pdeathsig KILL --'.split(' '),
  process.execPath,
  '--disable-warning=ExperimentalWarning',
  projectPath('worker/captions/whisper/child.ts'),
]
const MEMORY_CHECK_INTERVAL_MS = 500

/**
 * The child process that runs Whisper, so that a crash of it is only an error here. Limits on memory and time, an abort
 * and the end of this process kill its group. Instead of a wall-clock limit, each request and the task have a timeout.
 */
export class WhisperProcess {
  readonly #group: ProcessGroup
  /** Resolves with the end of standard error. */
  readonly #exited: Promise<string>
  readonly #watch: NodeJS.Timeout
  #limit: string | undefined
  #peakBytes = 0

  constructor(private readonly options: { signal: AbortSignal; memoryBytes: number; scratchDir: string }) {
    this.#group = spawnGroup({
      file: 'prlimit',
      args: ['--core=0', '--', ...nicenessArgs(NICENESS.transcription), ...CHILD_COMMAND],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      env: confinedEnv({ TMPDIR: options.scratchDir }),
      signal: options.signal,
    })
    this.#exited = this.#group.exited.then(
      ({ stderr }) => stderr,
      (error: unknown) => String(error),
    )
    this.#watch = setInterval(() => this.#checkMemory(), MEMORY_CHECK_INTERVAL_MS)
  }

  get peakMemoryBytes() {
    this.#checkMemory()
    return this.#peakBytes
  }

  /** Sends a request; one at a time. @throws {AppError} captions.engine_failed, or the signal's reason */
  async request<T extends WhisperResponse['type']>(request: WhisperRequest, type: T, timeoutMs: number) {
    const { child } = this.#group
    const timer = setTimeout(
      () => this.#killFor(`it took longer than ${Math.round(timeoutMs / 1000)} s`),
      timeoutMs,
    )
    let receive: ((response: WhisperResponse) => void) | undefined
    try {
      const received = new Promise<WhisperResponse>((resolve) => child.once('message', (receive = resolve)))
      if (child.connected) child.send(request, () => undefined)
      const response = await Promise.race([received, this.#exited])
      if (this.options.signal.aborted) throw this.options.signal.reason
      if (typeof response === 'string') throw engineFailed(this.#limit ?? 'it crashed', response)
      if (response.type === 'failed') throw engineFailed(response.message)
      return response as Extract<WhisperResponse, { type: T }>
    } finally {
      clearTimeout(timer)
      if (receive) child.off('message', receive)
    }
  }

  /** Kills the process. Idempotent. */
  async close() {
    clearInterval(this.#watch)
    this.#group.kill()
    await this.#exited
  }

  #killFor(limit: string) {
    this.#limit = limit
    this.#group.kill()
  }

  #checkMemory() {
    try {
      const status = readFileSync(`/proc/${this.#group.child.pid}/status`, 'utf8')
      const readBytes = (name: string) =>
        1024 * Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0)
      this.#peakBytes = Math.max(this.#peakBytes, readBytes('VmHWM'))
      if (readBytes('VmRSS') > this.options.memoryBytes)
        this.#killFor('it needs more memory than CAPTION_MEMORY_BYTES allows')
    } catch {
      // The process has ended.
    }
  }
}

const engineFailed = (reason: string, stderr?: string) =>
  new AppError({
    code: 'captions.engine_failed',
    message: `Whisper failed: ${reason}.`,
    status: 500,
    cause: stderr,
  })

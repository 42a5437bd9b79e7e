import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import { nicenessArgs, NICENESS } from '@/worker/process/niceness'
import type { WhisperResponse, WhisperRequest } from './messages'

const CHILD_PATH = path.join(import.meta.dirname, 'child.ts')
const MAX_STDERR_BYTES = 8_192

/**
 * The process that Whisper runs in, in a group of its own: a crash of it is an error here, a limit on memory or
 * time kills all of it, and so does the end of this process, however it comes. An abort kills it at once.
 */
export class WhisperProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<void>
  readonly #watch: NodeJS.Timeout
  #stderr = ''
  #limit: string | undefined
  #peakBytes = 0

  constructor(private readonly options: { signal: AbortSignal; memoryBytes: number; scratchDir: string }) {
    const program = [process.execPath, '--disable-warning=ExperimentalWarning', CHILD_PATH]
    const args = [
      '--core=0',
      '--',
      ...nicenessArgs(NICENESS.listening),
      'setpriv',
      '--pdeathsig',
      'KILL',
      '--',
      ...program,
    ]
    this.#child = spawn('prlimit', args, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      detached: true,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', NODE_ENV: 'production', TMPDIR: options.scratchDir },
    })
    this.#child.stderr!.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-MAX_STDERR_BYTES)
    })
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', () => resolve())
      this.#child.once('exit', () => resolve())
    })
    options.signal.addEventListener('abort', this.#kill, { once: true })
    this.#watch = setInterval(() => this.#look(), 500)
    if (options.signal.aborted) this.#kill()
  }

  get peakMemoryBytes() {
    this.#look()
    return this.#peakBytes
  }

  /** One order at a time. @throws {AppError} captions.engine_failed, or the signal's reason */
  async request<T extends WhisperResponse['type']>(order: WhisperRequest, type: T, timeoutMs: number) {
    const clock = setTimeout(
      () => this.#killFor(`it took longer than ${Math.round(timeoutMs / 1000)} s`),
      timeoutMs,
    )
    const forget = new AbortController()
    try {
      const answered = new Promise<WhisperResponse>((resolve) => {
        const take = (answer: WhisperResponse) => resolve(answer)
        this.#child.once('message', take)
        forget.signal.addEventListener('abort', () => this.#child.off('message', take))
      })
      if (this.#child.connected) this.#child.send(order, () => undefined)
      const answer = await Promise.race([answered, this.#ended])
      if (this.options.signal.aborted) throw this.options.signal.reason
      if (!answer) throw engineFailed(this.#limit ?? 'it crashed', this.#stderr)
      if (answer.type === 'failed') throw engineFailed(answer.message, this.#stderr)
      return answer as Extract<WhisperResponse, { type: T }>
    } finally {
      clearTimeout(clock)
      forget.abort()
    }
  }

  async close() {
    clearInterval(this.#watch)
    this.options.signal.removeEventListener('abort', this.#kill)
    this.#kill()
    await this.#ended
  }

  readonly #kill = () => {
    try {
      process.kill(-this.#child.pid!, 'SIGKILL')
    } catch {
      // It has ended already, or could not be started.
    }
  }

  #killFor(limit: string) {
    this.#limit = limit
    this.#kill()
  }

  #look() {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')
      const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0)
      this.#peakBytes = Math.max(this.#peakBytes, 1024 * kilobytes('VmHWM'))
      if (1024 * kilobytes('VmRSS') > this.options.memoryBytes)
        this.#killFor('it needs more memory than is allowed')
    } catch {
      // It has ended.
    }
  }
}

const engineFailed = (why: string, stderr: string) =>
  new AppError({
    code: 'captions.engine_failed',
    message: `Whisper stopped while it listened: ${why}.`,
    status: 500,
    cause: stderr,
  })

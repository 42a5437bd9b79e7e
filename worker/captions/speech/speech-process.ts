import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '@/lib/errors'
import { projectPath } from '@/lib/process/project-path'
import { buildSandboxCommand } from '@/worker/process/bwrap-args'
import { baseLimitArgs } from '@/worker/process/bwrap-base-args'
import { findDescendants } from '@/worker/process/descendants'
import { nicenessArgs, NICENESS } from '@/worker/process/niceness'
import { findSandboxProblem } from '@/worker/process/sandbox'
import { type ProcessGroup, spawnGroup } from '@/worker/process/process-group'
import { confinedEnv } from '@/worker/process/program-env'
import * as messages from '@/lib/generated/messages/caption-errors'
import {
  type NumberedRequest,
  numberedResponseSchema,
  type SpeechRequest,
  type SpeechResponse,
} from './messages'

const SPEECH_DIR = projectPath('worker/captions')
const PACKAGES = ['sherpa-onnx-node', `sherpa-onnx-linux-${process.arch}`]
/** Files of this project and its packages that the process may read. */
const READABLE_FILES = [
  process.execPath,
  path.join(SPEECH_DIR, 'speech/samples.ts'),
  projectPath('package.json'),
  ...PACKAGES.map((name) => projectPath(path.join('node_modules', name))),
]
/** How Node.js finds the channel to its parent, descriptor 3. Sandboxes clear other variables. */
const CHANNEL_ENV = { NODE_CHANNEL_FD: '3', NODE_CHANNEL_SERIALIZATION_MODE: 'advanced' }
/** One heap for all threads: audio and results come and go in many sizes, which several heaps keep apart. */
const MEMORY_ENV = { MALLOC_ARENA_MAX: '1' }
/** V8 keeps little: the large data is outside of its heap. */
const NODE_ARGS = ['--disable-warning=ExperimentalWarning', '--expose-gc', '--max-semi-space-size=2']
const MEMORY_CHECK_INTERVAL_MS = 500
/** Of a sandbox whose program was killed. */
const SIGKILL_EXIT_CODE = 128 + 9

interface Options {
  /** The program, relative to `worker/captions`. */
  program: 'speech/child.ts' | 'speakers/child.ts'
  /** Names it in errors. */
  title: string
  signal: AbortSignal
  niceness?: number
  memoryBytes: number
  scratchDir: string
  /** Folders of models, which the process may read. */
  modelDirs: readonly string[]
}

/**
 * A sandboxed child process that recognizes speech or speakers, so that a crash of it is only an error here. Limits on memory and
 * time, an abort and the end of this process kill its group. Instead of a wall-clock limit, each request and the task
 * have a timeout.
 */
export class SpeechProcess {
  readonly #group: ProcessGroup
  /** Resolves with the end of standard error. */
  readonly #exited: Promise<string>
  readonly #watch: NodeJS.Timeout
  readonly #waiting = new Map<number, (response: SpeechResponse) => void>()
  #requestCount = 0
  #limit: string | undefined
  #wasKilled = false
  #hasTimedOut = false
  #peakBytes = 0

  constructor(private readonly options: Options) {
    const child = path.join(SPEECH_DIR, options.program)
    const command = buildSandboxCommand({
      program: process.execPath,
      args: [...NODE_ARGS, child],
      readOnlyPaths: [child, ...READABLE_FILES, ...options.modelDirs].filter((file) => existsSync(file)),
      env: { ...CHANNEL_ENV, ...MEMORY_ENV },
    })
    this.#group = spawnGroup({
      file: 'prlimit',
      args: [
        ...baseLimitArgs,
        '--',
        ...nicenessArgs(options.niceness ?? NICENESS.transcription),
        ...'setpriv --pdeathsig KILL --'.split(' '),
        ...command,
      ],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      env: confinedEnv({ TMPDIR: options.scratchDir }),
      signal: options.signal,
    })
    this.#exited = this.#group.exited.then(
      ({ stderr, code, signal }) => {
        this.#wasKilled = !this.#limit && (signal === 'SIGKILL' || code === SIGKILL_EXIT_CODE)
        return stderr
      },
      (error: unknown) => String(error),
    )
    this.#group.child.on('message', (message) => this.#receive(message))
    this.#watch = setInterval(() => this.#checkMemory(), MEMORY_CHECK_INTERVAL_MS)
  }

  /** Whether it was ended with SIGKILL, and not for a limit of its own: by an administrator, or because the computer lacks memory. */
  get wasKilled() {
    return this.#wasKilled
  }

  /** Whether it was killed because a request took too long. */
  get hasTimedOut() {
    return this.#hasTimedOut
  }

  get peakMemoryBytes() {
    this.#checkMemory()
    return this.#peakBytes
  }

  /** Sends a request, also while others are worked on. @throws {AppError} captions.engine_failed, or the signal's reason */
  async request<T extends SpeechResponse['type']>(request: SpeechRequest, type: T, timeoutMs: number) {
    const { child } = this.#group
    const timer = setTimeout(() => {
      this.#hasTimedOut = true
      this.#killFor(messages.engineTimeout({ seconds: Math.round(timeoutMs / 1000) }))
    }, timeoutMs)
    const id = ++this.#requestCount
    try {
      const received = new Promise<SpeechResponse>((resolve) => this.#waiting.set(id, resolve))
      if (child.connected) child.send({ id, request } satisfies NumberedRequest, () => undefined)
      const response = await Promise.race([received, this.#exited])
      if (this.options.signal.aborted) throw this.options.signal.reason
      if (typeof response === 'string')
        throw findSandboxProblem(response) ?? this.#failed(this.#limit ?? messages.engineCrashed(), response)
      if (response.type === 'failed') throw this.#failed(response.message)
      if (response.type !== type) throw this.#failed(messages.engineResponseInvalid())
      return response as Extract<SpeechResponse, { type: T }>
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(id)
    }
  }

  /** Kills the process. Idempotent. */
  async close() {
    clearInterval(this.#watch)
    this.#group.kill()
    await this.#exited
  }

  #receive(message: unknown) {
    const { data } = numberedResponseSchema.safeParse(message)
    const respond = data && this.#waiting.get(data.id)
    if (respond) respond(data.response)
    else this.#killFor(messages.engineResponseInvalid())
  }

  #failed(reason: string, stderr?: string) {
    const message = messages.engineFailed({ title: this.options.title, reason })
    return new AppError({ code: 'captions.engine_failed', message, status: 500, cause: stderr })
  }

  #killFor(limit: string) {
    this.#limit = limit
    this.#group.kill()
  }

  #checkMemory() {
    const { pid } = this.#group.child
    const statuses = pid ? findDescendants(pid).map(readMemory) : []
    this.#peakBytes = Math.max(this.#peakBytes, ...statuses.map(({ peakBytes }) => peakBytes))
    if (Math.max(0, ...statuses.map(({ residentBytes }) => residentBytes)) > this.options.memoryBytes)
      this.#killFor(messages.engineMemory())
  }
}

function readMemory(pid: number) {
  let status = ''
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    // The process has ended.
  }
  const readBytes = (name: string) => 1024 * Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0)
  return { peakBytes: readBytes('VmHWM'), residentBytes: readBytes('VmRSS') }
}

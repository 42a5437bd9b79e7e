import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { AppError } from '@/lib/errors'
import { nicenessArgs, NICENESS } from './niceness'
import { buildSandboxCommand, SANDBOX_INPUT_PATH, SANDBOX_OUTPUT_DIR } from './bwrap-args'

export { checkSandbox } from './check-sandbox'
export { SANDBOX_INPUT_PATH, SANDBOX_OUTPUT_DIR }

export interface SandboxOptions {
  program: 'ffmpeg' | 'ffprobe' | 'pocketsphinx_continuous'
  args: string[]
  /** Seen read-only as GUEST_INPUT. */
  inputPath?: string
  /** Seen read-write as GUEST_OUTPUT, the only place that can be written. */
  outputDir?: string
  /** Pipes from 3 on, besides standard output and error. */
  pipes?: number
  signal: AbortSignal
  /** Address space, in bytes. */
  memoryBytes: number
  /** Largest file that may be written, in bytes. */
  fileBytes?: number
  /** How far others go first: 2 by default, 19 at most. */
  niceness?: number
  /** Longest the program may run. */
  wallClockMs: number
  /** Longest it may run without moving a byte on any pipe. Time that we let it wait does not count. */
  stallMs?: number
}

export interface SandboxedProcess {
  stdout: Readable
  /** The extra pipes, in order: number 3 is the first. Reading slowly slows the program down. */
  pipes: Socket[]
  /** Resolves at a clean exit, when nothing of it is left. @throws {SandboxFailure}, or the signal's reason. */
  exited: Promise<void>
}

/** The program ended with an error, or ran into a limit. `stderr` holds its last words. */
export class SandboxFailure extends Error {
  constructor(
    readonly reason: 'exit' | 'signal' | 'wall_clock' | 'stalled',
    readonly stderr: string,
    program: string,
  ) {
    super(`${program} ended early (${reason}): ${stderr.slice(-2_000)}`)
    this.name = 'SandboxFailure'
  }
}

const MAX_STDERR_BYTES = 8_192
const DEFAULT_STALL_MS = 120_000
const DEFAULT_FILE_BYTES = 64 * 1024 ** 3

/**
 * Runs ffmpeg or ffprobe on a stranger's file: no network, the system read-only, no other file in
 * sight, limits on memory, output, time and standstill. An abort kills the whole group at once, and
 * so does the end of this process, however it comes.
 */
export function runSandboxed(options: SandboxOptions): SandboxedProcess {
  const limits = [
    `--as=${options.memoryBytes}`,
    '--core=0',
    `--fsize=${options.fileBytes ?? DEFAULT_FILE_BYTES}`,
  ]
  const child = spawn(
    'prlimit',
    [...limits, '--', ...nicenessArgs(options.niceness ?? NICENESS.media), ...buildSandboxCommand(options)],
    {
      stdio: ['ignore', 'pipe', 'pipe', ...Array.from({ length: options.pipes ?? 0 }, () => 'pipe' as const)],
      detached: true,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', NODE_ENV: 'production' },
    },
  )
  const pipes = child.stdio.slice(3) as unknown as Socket[]
  // A program that ended early breaks its pipes; `ended` says why.
  for (const pipe of pipes) pipe.on('error', () => undefined)
  return {
    stdout: child.stdout!,
    pipes,
    exited: waitForExit({ child, options, flows: [child.stdout as Socket, ...pipes] }),
  }
}

function waitForExit({
  child,
  options,
  flows,
}: {
  child: ChildProcess
  options: SandboxOptions
  flows: Socket[]
}) {
  return new Promise<void>((resolve, reject) => {
    let stderr = ''
    let limit: 'wall_clock' | 'stalled' | undefined
    child.stderr!.on(
      'data',
      (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-MAX_STDERR_BYTES)),
    )
    const kill = () => killProcessGroup(child)
    const startedAt = performance.now()
    const isStalled = createStallDetector(flows, options.stallMs ?? DEFAULT_STALL_MS)
    const clock = setInterval(() => {
      if (performance.now() - startedAt > options.wallClockMs) limit = 'wall_clock'
      else if (isStalled()) limit = 'stalled'
      if (limit) kill()
    }, 500)
    options.signal.addEventListener('abort', kill, { once: true })
    const settle = (error?: Error) => {
      clearInterval(clock)
      options.signal.removeEventListener('abort', kill)
      if (options.signal.aborted) reject(options.signal.reason as Error)
      else if (error) reject(error)
      else resolve()
    }
    child.once('error', settle)
    child.once('exit', (code, signal) => {
      const reason = limit ?? (signal || (code ?? 0) > 128 ? 'signal' : code ? 'exit' : undefined)
      const end = () => settle(reason && toSandboxError(reason, stderr, options.program))
      // What it wrote last is still in the pipes, unless it was killed: then nobody wants it.
      if (!limit && !options.signal.aborted) return child.once('close', end)
      for (const flow of flows) flow.destroy()
      end()
    })
    if (options.signal.aborted) kill()
  })
}

function killProcessGroup(child: ChildProcess) {
  try {
    process.kill(-child.pid!, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

/** True once nothing moved for `stallMs` though we were ready for it. */
function createStallDetector(flows: Socket[], stallMs: number) {
  let moved = -1
  let movedAt = performance.now()
  return () => {
    const now = flows.reduce((sum, flow) => sum + flow.bytesRead + flow.bytesWritten, 0)
    const isOurTurn = flows.some((flow) => flow.readableLength > 0)
    if (now !== moved || isOurTurn) movedAt = performance.now()
    moved = now
    return performance.now() - movedAt > stallMs
  }
}

function toSandboxError(reason: SandboxFailure['reason'], stderr: string, program: string) {
  if (!/^(bwrap|nice|prlimit):/m.test(stderr)) return new SandboxFailure(reason, stderr, program)
  return new AppError({
    code: 'sandbox.unavailable',
    message:
      'The sandbox for media programs (bubblewrap) does not work on this machine, so no uploaded file is opened.',
    status: 503,
    cause: stderr,
  })
}

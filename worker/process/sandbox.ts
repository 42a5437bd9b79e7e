import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { AppError } from '@/lib/errors'
import { buildSandboxCommand } from './bwrap-args'
import { baseLimitArgs } from './bwrap-base-args'
import { nicenessArgs, NICENESS } from './niceness'
import { type ProcessGroupExit, spawnGroup } from './process-group'
import { confinedEnv } from './program-env'
import * as messages from '@/lib/generated/messages/worker-errors'

export interface SandboxOptions {
  program: 'ffmpeg' | 'ffprobe' | 'pocketsphinx_continuous'
  args: string[]
  /** Visible read-only as SANDBOX_INPUT_PATH. */
  inputPath?: string
  /** Visible as SANDBOX_OUTPUT_DIR, the only writable directory. */
  outputDir?: string
  /** Device nodes that it may use. Default: none. */
  devices?: readonly string[]
  /** Environment variables, beside the search path of programs. Default: none. */
  env?: Record<string, string>
  /** Number of further pipes, from descriptor 3 on. Default: 0. */
  pipes?: number
  /** Kills the program when aborted. */
  signal: AbortSignal
  /** Limit of the address space, in bytes. */
  memoryBytes: number
  /** Limit of each output file, in bytes. Default: 64 GiB. */
  fileBytes?: number
  /** CPU niceness, 0 to 19. Default: `NICENESS.media`. */
  niceness?: number
  /** Longest run time in milliseconds. */
  wallClockMs: number
  /** Longest time in milliseconds without data on a pipe that is being read. Default: 2 min. */
  stallMs?: number
}

export interface SandboxedProcess {
  stdout: Readable
  /** The further pipes in order. Reading slowly slows the program down. */
  pipes: Socket[]
  /** Resolves when it has exited with 0 and its output is read. @throws {SandboxFailure}, or the signal's reason */
  exited: Promise<void>
  /** The last 8 KiB of standard error. Resolves when it has ended, however it ends. */
  stderr: Promise<string>
}

/** The program exited with an error or reached a limit. `stderr` is the end of its standard error. */
export class SandboxFailure extends Error {
  constructor(
    readonly reason: 'exit' | 'signal' | 'wall_clock' | 'stalled',
    readonly stderr: string,
    program: string,
  ) {
    super(`${program} failed (${reason}): ${stderr.slice(-2_000)}`)
    this.name = 'SandboxFailure'
  }
}

const DEFAULT_STALL_MS = 120_000
const DEFAULT_FILE_BYTES = 64 * 1024 ** 3

/**
 * Runs a media program on an untrusted file: without network, with a read-only system and no other visible file, and
 * with limits on memory, output, run time and time without progress. An abort, a limit and the end of this process kill
 * its group.
 */
export function runSandboxed(options: SandboxOptions): SandboxedProcess {
  const limits = [
    `--as=${options.memoryBytes}`,
    ...baseLimitArgs,
    `--fsize=${options.fileBytes ?? DEFAULT_FILE_BYTES}`,
  ]
  const { child, exited } = spawnGroup({
    file: 'prlimit',
    args: [
      ...limits,
      '--',
      ...nicenessArgs(options.niceness ?? NICENESS.media),
      ...buildSandboxCommand(options),
    ],
    stdio: ['ignore', 'pipe', 'pipe', ...Array.from({ length: options.pipes ?? 0 }, () => 'pipe' as const)],
    env: confinedEnv(options.env),
    signal: options.signal,
    wallClockMs: options.wallClockMs,
    stallMs: options.stallMs ?? DEFAULT_STALL_MS,
  })
  const pipes = child.stdio.slice(3) as unknown as Socket[]
  // A program that ends early breaks its pipes; `exited` reports why.
  for (const pipe of pipes) pipe.on('error', () => undefined)
  return {
    stdout: child.stdout!,
    pipes,
    stderr: exited.then(
      (exit) => exit.stderr,
      () => '',
    ),
    exited: exited.then((exit) => {
      const reason = failureReason(exit)
      if (reason) throw toSandboxError(reason, exit.stderr, options.program)
    }),
  }
}

function failureReason({ code, signal, limit }: ProcessGroupExit): SandboxFailure['reason'] | undefined {
  if (limit) return limit
  // A shell reports the signal that ended its program as a code above 128.
  if (signal || (code ?? 0) > 128) return 'signal'
  return code ? 'exit' : undefined
}

const toSandboxError = (reason: SandboxFailure['reason'], stderr: string, program: string) =>
  findSandboxProblem(stderr) ?? new SandboxFailure(reason, stderr, program)

/** The error to report if the sandbox did not start its program, by its standard error. */
export function findSandboxProblem(stderr: string) {
  if (!/^(bash|bwrap|nice|prlimit):/m.test(stderr)) return undefined
  return new AppError({
    code: 'sandbox.unavailable',
    message: messages.sandboxUnavailable(),
    status: 503,
    cause: stderr,
  })
}

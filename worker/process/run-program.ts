import { createInterface } from 'node:readline'
import { AppError } from '@/lib/errors'
import { type ProcessGroupExit, spawnGroup } from './process-group'
import { programEnv } from './program-env'
import * as messages from '@/lib/generated/messages/worker-errors'

const MAX_OUTPUT_BYTES = 4 * 1024 ** 2

interface ProgramOptions {
  file: string
  args: string[]
  cwd?: string
  /** Longest run time in milliseconds. */
  timeoutMs: number
  /** Longest time in milliseconds without output. Default: `timeoutMs`, because most helpers print only at the end. */
  stallMs?: number
  /** Kills the program when aborted. */
  signal?: AbortSignal
  /** Added to `programEnv`. */
  env?: Record<string, string>
  /** Called for each line of standard error as it arrives. */
  onErrorLine?(line: string): void
}

/**
 * Runs a helper program until it exits and returns the last 4 MiB of its standard output.
 * @throws {AppError} machine.program_missing, machine.program_failed with the end of its standard error, or the
 * signal's reason
 */
export async function runProgram(options: ProgramOptions) {
  const { file, args, cwd, timeoutMs, stallMs, signal, env, onErrorLine } = options
  signal?.throwIfAborted()
  const { child, exited } = spawnGroup({
    file,
    args,
    cwd,
    signal,
    env: programEnv(env),
    wallClockMs: timeoutMs,
    stallMs,
    progressFds: [1, 2],
  })
  let stdout = ''
  child.stdout!.on('data', (chunk: Buffer) => {
    stdout = (stdout + chunk.toString()).slice(-MAX_OUTPUT_BYTES)
  })
  if (onErrorLine)
    createInterface({ input: child.stderr! })
      .on('line', onErrorLine)
      .on('error', () => undefined)
  const exit = await exited.catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? programMissing(file) : error
  })
  if (exit.code === 0) return stdout
  throw programFailed(options, exit)
}

function describeFailure(
  { file, timeoutMs, stallMs = 0 }: ProgramOptions,
  { limit, stderr }: Pick<ProcessGroupExit, 'limit' | 'stderr'>,
) {
  if (limit === 'wall_clock') return messages.programTooLong({ program: file, seconds: timeoutMs / 1000 })
  if (limit === 'stalled') return messages.programStalled({ program: file, seconds: stallMs / 1000 })
  const reason = stderr.trim().slice(-500)
  return reason
    ? messages.programFailed({ program: file, reason })
    : messages.programSilent({ program: file })
}

const programMissing = (file: string) =>
  new AppError({
    code: 'machine.program_missing',
    message: messages.programMissing({ program: file }),
    status: 503,
  })

const programFailed = (options: ProgramOptions, exit: ProcessGroupExit) =>
  new AppError({
    code: 'machine.program_failed',
    message: describeFailure(options, exit),
    status: 500,
    details: { exitCode: exit.code },
    // Dead letters are grouped by it, in all languages.
    cause: new Error(`${options.file} failed (${exit.limit ?? 'exit'}): ${exit.stderr.trim().slice(-500)}`),
  })

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { promisify } from 'node:util'
import { AppError } from '@/lib/errors'

/** Where the one input file, and the run's own folder, are seen from inside. */
export const GUEST_INPUT = '/in/media'
export const GUEST_OUTPUT = '/out'

export interface SandboxOptions {
  program: 'ffmpeg' | 'ffprobe'
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
  /** Longest the program may run. */
  wallClockMs: number
  /** Longest it may run without output on any pipe or `touch()`. */
  stallMs?: number
}

export interface Sandboxed {
  stdout: Readable
  /** The extra pipes, in order: number 3 is the first. */
  pipes: (Readable & Writable)[]
  /** Resolves at a clean exit. @throws {SandboxFailure}, or the signal's reason. */
  ended: Promise<void>
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

/**
 * Runs ffmpeg or ffprobe on a stranger's file: no network, the system read-only, no other file in
 * sight, limits on memory, output, time and standstill. An abort kills the whole group at once, and
 * so does the end of this process, however it comes.
 */
export function runSandboxed(options: SandboxOptions): Sandboxed {
  const limits = [`--as=${options.memoryBytes}`, '--core=0', `--fsize=${options.fileBytes ?? 64 * 1024 ** 3}`]
  const child = spawn('prlimit', [...limits, '--', 'nice', '-n', '5', 'bwrap', ...bwrapArgs(options), options.program, ...options.args], {
    stdio: ['ignore', 'pipe', 'pipe', ...Array.from({ length: options.pipes ?? 0 }, () => 'pipe' as const)],
    detached: true,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
  })
  const pipes = child.stdio.slice(3) as unknown as (Readable & Writable)[]
  // A program that ended early breaks its pipes; `ended` says why.
  for (const pipe of pipes) pipe.on('error', () => undefined)
  return { stdout: child.stdout!, pipes, ended: watch({ child, options, outputs: [child.stdout!, ...pipes] }) }
}

function watch({ child, options, outputs }: { child: ChildProcess; options: SandboxOptions; outputs: Readable[] }) {
  return new Promise<void>((resolve, reject) => {
    let stderr = ''
    let limit: 'wall_clock' | 'stalled' | undefined
    let lastSignOfLifeAt = Date.now()
    child.stderr!.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-8_192)))
    for (const output of outputs) {
      const push = output.push.bind(output)
      output.push = (chunk: unknown, encoding?: BufferEncoding) => {
        lastSignOfLifeAt = Date.now()
        return push(chunk, encoding)
      }
    }
    const kill = () => {
      try {
        process.kill(-child.pid!, 'SIGKILL')
      } catch {
        // It has ended already.
      }
    }
    const startedAt = Date.now()
    const clock = setInterval(() => {
      if (Date.now() - startedAt > options.wallClockMs) limit = 'wall_clock'
      else if (Date.now() - lastSignOfLifeAt > (options.stallMs ?? 120_000)) limit = 'stalled'
      if (limit) kill()
    }, 1_000)
    options.signal.addEventListener('abort', kill, { once: true })
    const settle = (error?: Error) => {
      clearInterval(clock)
      options.signal.removeEventListener('abort', kill)
      if (options.signal.aborted) reject(options.signal.reason as Error)
      else if (error) reject(error)
      else resolve()
    }
    child.once('error', (error) => settle(error))
    child.once('close', (code, signal) => {
      const reason = limit ?? (signal || (code ?? 0) > 128 ? 'signal' : code ? 'exit' : undefined)
      settle(reason && explain(reason, stderr, options.program))
    })
    if (options.signal.aborted) kill()
  })
}

function explain(reason: SandboxFailure['reason'], stderr: string, program: string) {
  if (!/^bwrap:/m.test(stderr)) return new SandboxFailure(reason, stderr, program)
  const message = 'The sandbox for media programs (bubblewrap) does not work on this machine, so no file is opened.'
  return new AppError({ code: 'sandbox.unavailable', message, status: 503, cause: stderr })
}

function bwrapArgs({ inputPath, outputDir }: Pick<SandboxOptions, 'inputPath' | 'outputDir'>) {
  return [
    '--unshare-all', '--die-with-parent', '--new-session', '--clearenv', '--uid', '65534', '--gid', '65534',
    '--setenv', 'PATH', '/usr/bin', '--setenv', 'HOME', '/nonexistent',
    '--ro-bind', '/usr', '/usr', '--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64',
    '--symlink', 'usr/bin', '/bin', '--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache',
    // Debian's ffmpeg finds its linear algebra library through here.
    '--ro-bind-try', '/etc/alternatives', '/etc/alternatives',
    '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp',
    ...(inputPath ? ['--ro-bind', inputPath, GUEST_INPUT] : []),
    ...(outputDir ? ['--bind', outputDir, GUEST_OUTPUT, '--chdir', GUEST_OUTPUT] : ['--chdir', '/tmp']),
    '--remount-ro', '/', '--',
  ]
}

/** Tries the sandbox for real. `problem` is null when it works. */
export async function sandboxStatus(): Promise<{ problem: string | null }> {
  try {
    const args = [...bwrapArgs({}), 'ffmpeg', '-version']
    await promisify(execFile)('bwrap', args, { timeout: 10_000 })
    return { problem: null }
  } catch (error) {
    return { problem: error instanceof Error ? error.message.split('\n').slice(0, 3).join(' ') : String(error) }
  }
}

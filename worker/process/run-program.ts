import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { AppError } from '@/lib/errors'

const MAX_OUTPUT_BYTES = 4 * 1024 ** 2

interface ProgramOptions {
  file: string
  args: string[]
  cwd?: string
  /** Longest it may run, in milliseconds. */
  timeoutMs: number
  signal?: AbortSignal
  /** Added to this process's own. */
  env?: Record<string, string>
  /** Hears each line of its standard error as it comes. */
  onErrorLine?(line: string): void
}

/**
 * Runs a helper to its end and returns what it printed. An abort, and the time limit, kill its whole group.
 * @throws {AppError} machine.program_missing, machine.program_failed with the program's last words
 */
export function runProgram({ file, args, cwd, timeoutMs, signal, env, onErrorLine }: ProgramOptions) {
  signal?.throwIfAborted()
  return new Promise<string>((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      // What they say is looked into, so it is said in English.
      env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
    })
    let isLate = false
    const kill = () => killProcessGroup(child.pid)
    const clock = setTimeout(() => {
      isLate = true
      kill()
    }, timeoutMs)
    signal?.addEventListener('abort', kill, { once: true })
    const said = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].on('data', (chunk: Buffer) => {
        said[stream] = (said[stream] + chunk.toString()).slice(-MAX_OUTPUT_BYTES)
      })
    if (onErrorLine)
      createInterface({ input: child.stderr })
        .on('line', onErrorLine)
        .on('error', () => undefined)
    const settle = (error?: unknown) => {
      clearTimeout(clock)
      signal?.removeEventListener('abort', kill)
      if (signal?.aborted) reject(signal.reason as Error)
      else if (error) reject(error as Error)
      else resolve(said.stdout)
    }
    child.once('error', (error: NodeJS.ErrnoException) =>
      settle(error.code === 'ENOENT' ? programMissing(file) : error),
    )
    child.once('close', (code) => {
      if (code === 0) return settle()
      const words = isLate ? `took longer than ${timeoutMs / 1000} s` : said.stderr.trim().slice(-500)
      settle(programFailed(file, words, code))
    })
  })
}

/** Ends a process and all that share its group. True when there was one. */
export function killProcessGroup(pid: number | undefined) {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
    return Boolean(pid)
  } catch {
    return false
  }
}

const programMissing = (file: string) =>
  new AppError({
    code: 'machine.program_missing',
    message: `The program ${file} is missing on this server. The administrator can install it; npm run doctor says how.`,
    status: 503,
  })

const programFailed = (file: string, words: string, exitCode: number | null) =>
  new AppError({
    code: 'machine.program_failed',
    message: `${file} failed: ${words || 'it said nothing'}`,
    status: 500,
    details: { exitCode },
  })

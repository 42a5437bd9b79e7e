import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'

export interface ProcessGroupOptions {
  file: string
  args: string[]
  cwd?: string
  /** The complete environment; nothing of `process.env` is added. See `programEnv`. */
  env: NodeJS.ProcessEnv
  /** Default: standard output and error are pipes, standard input is empty. */
  stdio?: StdioOptions
  serialization?: 'advanced'
  /** Kills the group when aborted. */
  signal?: AbortSignal
  /** Longest run time in milliseconds. Default: unlimited, for programs that run until they are aborted. */
  wallClockMs?: number
  /**
   * Longest time in milliseconds without data on a pipe of `progressFds`, not counting time in which this process does
   * not read the output. Default: unlimited.
   */
  stallMs?: number
  /** Default: every pipe except standard error, where a broken program may repeat a message endlessly. */
  progressFds?: readonly number[]
}

export interface ProcessGroupExit {
  code: number | null
  signal: NodeJS.Signals | null
  /** The limit that ended it, if one did. */
  limit: 'wall_clock' | 'stalled' | null
  /** The last 8 KiB of standard error. */
  stderr: string
}

export interface ProcessGroup {
  child: ChildProcess
  /** Resolves when the group has ended and its output is read. @throws the spawn error, or the signal's reason */
  exited: Promise<ProcessGroupExit>
  /** Kills the group. Idempotent. */
  kill(): void
}

const MAX_STDERR_BYTES = 8_192
const WATCH_INTERVAL_MS = 500

/**
 * Starts a program as the leader of its own process group, which an abort and each limit kill as a whole.
 * @throws {Error} if this process has no free file descriptor
 */
export function spawnGroup(options: ProcessGroupOptions): ProcessGroup {
  const { file, args, cwd, env, serialization, stdio = ['ignore', 'pipe', 'pipe'] } = options
  const child: ChildProcess = spawn(file, args, { cwd, env, serialization, stdio, detached: true })
  // Without a free file descriptor Node.js creates no streams (EMFILE, ENFILE).
  if (!child.stdio) {
    child.on('error', () => undefined)
    throw new Error(`${file} cannot be started: too many open files`)
  }
  return { child, exited: waitForExit(child, options), kill: () => void killProcessGroup(child.pid) }
}

/** Kills a process and all others of its group. Returns whether there was one. */
export function killProcessGroup(pid: number | undefined) {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
    return Boolean(pid)
  } catch {
    return false
  }
}

function waitForExit(child: ChildProcess, options: ProcessGroupOptions) {
  const { signal, wallClockMs = Infinity, stallMs = Infinity } = options
  return new Promise<ProcessGroupExit>((resolve, reject) => {
    const readStderr = collectTail(child.stderr)
    const isStalled = createStallDetector(pipesOf(child, options.progressFds), stallMs)
    const startedAt = performance.now()
    let limit: ProcessGroupExit['limit'] = null
    let hasExited = false
    const kill = () => {
      killProcessGroup(child.pid)
      // A process that left the group may hold the pipes open.
      if (hasExited) destroyPipes(child)
    }
    const watch = setInterval(() => {
      if (performance.now() - startedAt > wallClockMs) limit = 'wall_clock'
      else if (isStalled()) limit = 'stalled'
      if (limit) kill()
    }, WATCH_INTERVAL_MS)
    signal?.addEventListener('abort', kill, { once: true })
    const settle = (onSettled: () => void) => {
      clearInterval(watch)
      signal?.removeEventListener('abort', kill)
      if (signal?.aborted) reject(signal.reason as Error)
      else onSettled()
    }
    child.once('error', (error) => settle(() => reject(error)))
    child.once('exit', (code, signalName) => {
      hasExited = true
      // Such as a sandbox that waits for its killed parent, which would hold the pipes open.
      if (signalName) killProcessGroup(child.pid)
      const onExit = () => settle(() => resolve({ code, signal: signalName, limit, stderr: readStderr() }))
      // The pipes may hold unread output, which matters only if the program was not killed.
      if (!limit && !signal?.aborted) return child.once('close', onExit)
      destroyPipes(child)
      onExit()
    })
    if (signal?.aborted) kill()
  })
}

function pipesOf({ stdio }: ChildProcess, fds?: readonly number[]) {
  const progressFds = fds ?? stdio.map((_, fd) => fd).filter((fd) => fd !== 2)
  return progressFds.flatMap((fd) => (stdio[fd] as Socket | null | undefined) ?? [])
}

function destroyPipes({ stdio }: ChildProcess) {
  for (const pipe of stdio as (Readable | Writable | null | undefined)[]) pipe?.destroy()
}

function collectTail(stream: Readable | null) {
  let text = ''
  stream?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-MAX_STDERR_BYTES)))
  return () => text
}

/** The returned function is true once no data was transferred for `stallMs` although this process was ready to read. */
function createStallDetector(pipes: Socket[], stallMs: number) {
  let movedBytes = -1
  let movedAt = performance.now()
  return () => {
    const bytes = pipes.reduce((sum, pipe) => sum + pipe.bytesRead + pipe.bytesWritten, 0)
    const hasUnreadOutput = pipes.some((pipe) => pipe.readableLength > 0)
    if (bytes !== movedBytes || hasUnreadOutput) movedAt = performance.now()
    movedBytes = bytes
    return performance.now() - movedAt > stallMs
  }
}

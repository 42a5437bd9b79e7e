import { type ChildProcess, spawn } from 'node:child_process'

/** Inherited by every process, so that DATA_DIR is locked until the last one has exited. */
const LOCK_FD = 4
const STABLE_AFTER_MS = 60_000
const MAX_RESTART_DELAY_MS = 30_000
const STOP_TIMEOUT_MS = 25_000

/** Restarts processes when they exit, with exponential backoff from 250 ms to 30 s. */
export class ProcessSupervisor {
  readonly #options: { print: (line: string) => void; isDevelopment: boolean }
  readonly #children = new Map<string, ChildProcess>()
  #isStopping = false

  constructor(options: { print: (line: string) => void; isDevelopment: boolean }) {
    this.#options = options
  }

  /** Starts a process and restarts it, first after `delayMs`, until `stopAll`. */
  supervise(name: string, args: string[], delayMs = 250) {
    if (this.#isStopping) return
    const startedAt = performance.now()
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', LOCK_FD],
      // A separate process group: on Ctrl-C, the supervisor stops processes in order.
      detached: true,
      env: { ...process.env, NODE_ENV: this.#options.isDevelopment ? 'development' : 'production' },
    })
    this.#children.set(name, child)
    child.once('exit', (code, signal) => {
      this.#children.delete(name)
      if (this.#isStopping) return
      const nextDelayMs = performance.now() - startedAt > STABLE_AFTER_MS ? 250 : delayMs
      this.#options.print(`The ${name} process exited (${signal ?? `code ${code}`}). Restarting …`)
      setTimeout(
        () => this.supervise(name, args, Math.min(nextDelayMs * 2, MAX_RESTART_DELAY_MS)),
        nextDelayMs,
      )
    })
  }

  /** Sends SIGTERM to all processes and waits for them; after 25 s, sends SIGKILL. */
  async stopAll() {
    this.#isStopping = true
    const children = [...this.#children.values()]
    const exits = children.map((child) => new Promise((resolve) => child.once('exit', resolve)))
    for (const child of children) child.kill('SIGTERM')
    const killTimer = setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), STOP_TIMEOUT_MS)
    await Promise.all(exits)
    clearTimeout(killTimer)
  }
}

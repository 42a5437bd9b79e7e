import { type ChildProcess, spawn } from 'node:child_process'

/** Given to every process, so that the folder stays locked until the last one has ended. */
const LOCK_FD = 4
const STABLE_AFTER_MS = 60_000
const MAX_RESTART_DELAY_MS = 30_000
const STOP_TIMEOUT_MS = 25_000

/** Starts processes again when they crash: soon at first, then with growing pauses. */
export class ProcessSupervisor {
  readonly #options: { say: (line: string) => void; isDevelopment: boolean }
  readonly #children = new Map<string, ChildProcess>()
  #isEnding = false

  constructor(options: { say: (line: string) => void; isDevelopment: boolean }) {
    this.#options = options
  }

  supervise(name: string, args: string[], pauseMs = 250) {
    if (this.#isEnding) return
    const startedAt = performance.now()
    const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', LOCK_FD],
      // In a group of its own: Ctrl-C is for us, who end things in order.
      detached: true,
      env: { ...process.env, NODE_ENV: this.#options.isDevelopment ? 'development' : 'production' },
    })
    this.#children.set(name, child)
    child.once('exit', (code, signal) => {
      this.#children.delete(name)
      if (this.#isEnding) return
      const pause = performance.now() - startedAt > STABLE_AFTER_MS ? 250 : pauseMs
      this.#options.say(`The ${name} process ended (${signal ?? `code ${code}`}); starting it again.`)
      setTimeout(() => this.supervise(name, args, Math.min(pause * 2, MAX_RESTART_DELAY_MS)), pause)
    })
  }

  /** Asks all to end, waits, and kills those that do not within 25 s. */
  async stopAll() {
    this.#isEnding = true
    const children = [...this.#children.values()]
    const ended = children.map((child) => new Promise((resolve) => child.once('exit', resolve)))
    for (const child of children) child.kill('SIGTERM')
    const killer = setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), STOP_TIMEOUT_MS)
    await Promise.all(ended)
    clearTimeout(killer)
  }
}

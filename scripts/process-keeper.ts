import { type ChildProcess, spawn } from 'node:child_process'

/** Given to every process, so that the folder stays locked until the last one has ended. */
const LOCK_FD = 4
const LONG_ENOUGH_MS = 60_000
const LONGEST_PAUSE_MS = 30_000
const PATIENCE_MS = 25_000

/** Starts processes again when they crash: soon at first, then with growing pauses. */
export class ProcessKeeper {
  readonly #options: { say: (line: string) => void; isDevelopment: boolean }
  readonly #children = new Map<string, ChildProcess>()
  #isEnding = false

  constructor(options: { say: (line: string) => void; isDevelopment: boolean }) {
    this.#options = options
  }

  keep(name: string, args: string[], pauseMs = 250) {
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
      const pause = performance.now() - startedAt > LONG_ENOUGH_MS ? 250 : pauseMs
      this.#options.say(`The ${name} process ended (${signal ?? `code ${code}`}); starting it again.`)
      setTimeout(() => this.keep(name, args, Math.min(pause * 2, LONGEST_PAUSE_MS)), pause)
    })
  }

  /** Asks all to end, waits, and kills those that do not within 25 s. */
  async stopAll() {
    this.#isEnding = true
    const children = [...this.#children.values()]
    const ended = children.map((child) => new Promise((resolve) => child.once('exit', resolve)))
    for (const child of children) child.kill('SIGTERM')
    const killer = setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), PATIENCE_MS)
    await Promise.all(ended)
    clearTimeout(killer)
  }
}

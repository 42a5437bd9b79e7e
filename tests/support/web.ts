import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { listBuilds } from '@/scripts/web-build.mjs'
import { findFreePort } from '@/scripts/postgres'
import { createAccounts } from './accounts'

/** Variables of an app whose machines are simulated. */
export const FAKE_MACHINES = { MACHINES: 'on', MACHINE_DRIVER: 'fake' }

interface WebOptions {
  databaseUrl: string
  env?: Record<string, string>
  /** A program, with its arguments, that runs the process. Called with the data folder. Default: none. */
  runBy?: (dataDir: string) => string[]
}

/** Starts the real web process on the test's database, without a worker. Needs the production build. */
export async function startWeb(options: WebOptions) {
  if (listBuilds().length === 0)
    throw new Error('no production build: npm test creates one before these tests')
  const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-web-'))
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: String(port),
    LOG_LEVEL: 'warn',
    DATABASE_URL: options.databaseUrl,
    NODE_ENV: 'production',
    // Building templates would occupy the CPU while tests measure times.
    MACHINES: 'off',
    CAPTIONS: 'none',
    ...options.env,
  } as NodeJS.ProcessEnv
  const runBy = options.runBy?.(dataDir)
  const errorLines: string[] = []
  const start = () =>
    startProcess('server', {
      env,
      isReady: () => fetch(`${url}/api/openapi.json`),
      runBy,
      onErrorLine: (line) => errorLines.push(line),
    })
  let child = await start()
  const accounts = createAccounts({ url, env })

  return {
    url,
    dataDir,
    env,
    pid: () => child.pid!,
    /** What it wrote to standard error. */
    errorLines,
    createUser: accounts.createUser,
    createKey: accounts.createKey,
    /** Kills the process and starts it again on the same port. */
    async crashAndRestart() {
      await stopProcess(child, 'SIGKILL')
      child = await start()
    },
    async stop() {
      await accounts.stop()
      await stopProcess(child, 'SIGTERM')
      rmSync(dataDir, { recursive: true, force: true })
      // Next.js logs an error that nothing caught, and the process continues.
      const uncaught = errorLines.filter((line) => /uncaughtException|unhandledRejection/.test(line))
      if (uncaught.length > 0) throw new Error(`errors that nothing caught:\n${uncaught.join('\n')}`)
    },
  }
}

export type Web = Awaited<ReturnType<typeof startWeb>>

/** Starts the real worker process beside `web`. With another DATA_DIR it acts as another computer. */
export async function startWorker(web: Web, env: Record<string, string> = {}) {
  const isReady = async () => {
    if (!(await fetch(`${web.url}/api/health`)).ok) throw new Error('not ready')
  }
  const child = await startProcess('worker', { env: { ...web.env, ...env }, isReady })
  return { pid: child.pid!, stop: (signal: NodeJS.Signals) => stopProcess(child, signal) }
}

interface ProcessOptions {
  env: NodeJS.ProcessEnv
  isReady: () => Promise<unknown>
  runBy?: string[]
  /** Called for each line of standard error. */
  onErrorLine?: (line: string) => void
}

export async function startProcess(
  name: 'server' | 'worker',
  { env, isReady, runBy = [], onErrorLine }: ProcessOptions,
) {
  const [program, ...args] = [...runBy, process.execPath, '--enable-source-maps', `dist/${name}.js`]
  const child = spawn(program!, args, {
    env,
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  createInterface({ input: child.stderr }).on('line', (line) => {
    process.stderr.write(`${line}\n`)
    onErrorLine?.(line)
  })
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`)
    if (
      await isReady().then(
        () => true,
        () => false,
      )
    )
      return child
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export async function stopProcess(child: ChildProcess, signal: NodeJS.Signals) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await ended
}

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findFreePort } from '@/scripts/postgres'
import { createAccounts } from './accounts'
import { findProcesses } from './processes'

/** Starts the whole app as `npm start` does, with its own data directory and port. */
export async function startApp(env: Record<string, string> = {}) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-e2e-'))
  const port = await findFreePort()
  const appEnv = {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: String(port),
    LOG_LEVEL: 'info',
    DATABASE_URL: '',
    // Transcription occupies the CPU; tests of captions turn it on.
    CAPTIONS: 'none',
    ...env,
  } as NodeJS.ProcessEnv
  const start = () =>
    spawn(process.execPath, ['scripts/start.mjs'], { env: appEnv, stdio: ['ignore', 'pipe', 'inherit'] })
  let child = start()
  let output = await waitUntilReady(child)
  const url = `http://127.0.0.1:${port}`
  const accounts = createAccounts({ url, env: appEnv })
  return {
    url,
    dataDir,
    env: appEnv,
    get child() {
      return child
    },
    /** Starts the app again after all its processes were killed. */
    async restart() {
      child = start()
      output = await waitUntilReady(child)
    },
    /** What it printed until it was ready. */
    output: () => output,
    createUser: accounts.createUser,
    createKey: accounts.createKey,
    /** The id of the process of this app that runs `script`. */
    findPid(script: string) {
      const found = findProcesses(`DATA_DIR=${dataDir}`).find(({ command }) => command.includes(script))
      if (!found) throw new Error(`no process runs ${script}`)
      return found.pid
    },
    /** The id of the main process of its Postgres. */
    readPostmasterPid: () =>
      Number(readFileSync(path.join(dataDir, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]),
    async stop() {
      await accounts.stop()
      const exited = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await exited
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export type App = Awaited<ReturnType<typeof startApp>>

function waitUntilReady(child: ChildProcess) {
  return new Promise<string>((resolve, reject) => {
    let output = ''
    child.stdout!.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-20_000)
      if (output.includes('Meanwhile is ready')) resolve(output)
    })
    child.once('exit', (code) => reject(new Error(`the app exited with ${code}:\n${output}`)))
  })
}

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findFreePort } from '@/scripts/postgres'
import { createAccounts } from './accounts'
import { findProcesses } from './processes'

/** The whole app as a person starts it, on its own folder and port. */
export async function startApp(env: Record<string, string> = {}) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-e2e-'))
  const port = await findFreePort()
  const own = {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: String(port),
    LOG_LEVEL: 'info',
    DATABASE_URL: '',
    // Listening takes the processor for a while: who wants captions asks for them.
    CAPTIONS: 'none',
    ...env,
  } as NodeJS.ProcessEnv
  const start = () =>
    spawn(process.execPath, ['scripts/start.mjs'], { env: own, stdio: ['ignore', 'pipe', 'inherit'] })
  let child = start()
  await waitUntilReady(child)
  const url = `http://127.0.0.1:${port}`
  const accounts = createAccounts({ url, env: own })
  return {
    url,
    dataDir,
    env: own,
    get child() {
      return child
    },
    /** After all of it was killed. */
    async restart() {
      child = start()
      await waitUntilReady(child)
    },
    createUser: accounts.createUser,
    createKey: accounts.createKey,
    /** The process of this app that runs `script`. */
    findPid(script: string) {
      const found = findProcesses(`DATA_DIR=${dataDir}`).find(({ command }) => command.includes(script))
      if (!found) throw new Error(`no process runs ${script}`)
      return found.pid
    },
    /** The main process of its Postgres. */
    readPostmasterPid: () =>
      Number(readFileSync(path.join(dataDir, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]),
    async stop() {
      await accounts.stop()
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export type App = Awaited<ReturnType<typeof startApp>>

function waitUntilReady(child: ChildProcess) {
  return new Promise<void>((resolve, reject) => {
    let said = ''
    child.stdout!.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-20_000)
      if (said.includes('Meanwhile is ready')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`the app ended with ${code}:\n${said}`)))
  })
}

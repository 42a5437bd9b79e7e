import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openDb } from '@/lib/database/db'
import { createAccounts } from '../accounts'
import { createBucket, toEnv } from '../s3-fixture'
import { startS3Service } from '../s3-service'
import { createNetwork, DISK, type Host } from './network'
import { runPostgres } from './postgres-host'

const WEB_PORT = 3000

export type Cluster = NonNullable<Awaited<ReturnType<typeof startCluster>>>

/**
 * Starts computers that share no disk: one with Postgres, one with an S3 service, one with a web process, and one for
 * each worker added. Returns null, with a line on standard output, where they cannot be simulated.
 */
export async function startCluster() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return skip('they need root on Linux')
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-cluster-'))
  const removeDir = () => rmSync(dir, { recursive: true, force: true })
  process.once('exit', removeDir)
  const network = await createNetwork(dir)
  let removeService = async () => {}
  const remove = async () => {
    await network.remove()
    await removeService()
    removeDir()
  }
  try {
    const [databaseHost, storageHost] = [await network.addHost('db'), await network.addHost('s3')]
    const [postgres, service] = await Promise.all([
      runPostgres(databaseHost, network),
      startS3Service(storageHost),
    ])
    if (!service) {
      await remove()
      return skip('they need an S3 service')
    }
    removeService = service.stop
    const s3Options = await createBucket(service)
    const env: NodeJS.ProcessEnv = {
      NODE_ENV: 'production',
      PATH: process.env.PATH,
      DATABASE_URL: postgres.appUrl,
      DATA_DIR: `${DISK}/data`,
      TMPDIR: DISK,
      AUTH_SECRET: randomBytes(24).toString('hex'),
      LOG_LEVEL: 'info',
      MACHINES: 'off',
      CAPTIONS: 'none',
      ...toEnv(s3Options),
    }
    const db = openDb({ url: postgres.url })
    const accounts: ReturnType<typeof createAccounts>[] = []
    return {
      network,
      db,
      /** Settings of all processes. */
      env,
      /** The database, for the owner of its tables. */
      ownerUrl: postgres.url,
      s3Options,
      /** Starts a web process on a new computer. */
      async startWeb(name: string, more: Record<string, string> = {}) {
        const host = await network.addHost(name)
        const url = `http://${host.address}:${WEB_PORT}`
        const webEnv = { ...env, HOST: host.address, PORT: String(WEB_PORT), PUBLIC_URL: url, ...more }
        const server = startProcess(host, 'server', webEnv)
        await server.waitUntil(async () => (await fetch(`${url}/api/openapi.json`)).ok)
        const ownAccounts = createAccounts({
          url,
          env: { ...process.env, ...webEnv, DATA_DIR: path.join(host.disk, 'data') },
        })
        accounts.push(ownAccounts)
        return { host, url, ...server, createUser: ownAccounts.createUser }
      },
      /** Starts a worker on a new computer, in a control group of this one. */
      async startWorker(name: string, more: Record<string, string> = {}, cgroup?: string) {
        const host = await network.addHost(name)
        const worker = startProcess(host, 'worker', { ...env, ...more }, cgroup)
        await worker.waitUntil(async () => worker.output().includes('worker ready'))
        return { host, ...worker }
      },
      async stop() {
        for (const { stop } of accounts) await stop()
        await db.$disconnect()
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}

function skip(reason: string) {
  process.stdout.write(`The tests on several computers are skipped: ${reason}.\n`)
  return null
}

const startProcess = (host: Host, name: 'server' | 'worker', env: NodeJS.ProcessEnv, cgroup?: string) =>
  host.spawn(process.execPath, ['--enable-source-maps', `dist/${name}.js`], { env, cgroup })

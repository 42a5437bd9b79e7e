import { setTimeout as delay } from 'node:timers/promises'
import { needsSetup } from '@/lib/accounts/needs-setup'
import { setupCode } from '@/lib/accounts/setup-code'
import { config } from '@/lib/config/config'
import { openDb } from '@/lib/database/db'
import { readHealth } from '@/lib/health/queries'
import { healthMessage } from '@/lib/health/health-messages'
import { secureDataDir } from '@/lib/process/secure-data-dir'
import { saveDatabaseUrl } from './database-url'
import { ProcessSupervisor } from './process-supervisor'
import { type RunningPostgres, startPostgres } from './postgres'

// Runs Postgres, web and worker, restarts them after a crash, and stops them together.
const { DATA_DIR, HOST, PORT, publicUrl } = config()
secureDataDir(DATA_DIR)
const print = (line: string) => process.stdout.write(`${line}\n`)
// The terminal may close before the app has stopped.
process.stdout.on('error', () => undefined)
const isDevelopment = process.argv.includes('--dev')
const DEVELOPMENT_S3 = './development-s3'
// Next.js reloads pages and routes; other server code needs a restart.
const WEB_WATCH_ARGS = [
  'server.ts',
  'app/http',
  'lib/realtime',
  'lib/kinds.ts',
  'lib/task-end-listeners.ts',
].map((file) => `--watch-path=${file}`)
const compiledArgs = (name: string) => ['--enable-source-maps', `dist/${name}.js`]
/** They limit how much garbage the heap holds (decision 0042). */
const WORKER_MEMORY_ARGS = ['--max-old-space-size=1024', '--max-semi-space-size=8']
const supervisor = new ProcessSupervisor({ print, isDevelopment })

let postgres: RunningPostgres | undefined
let isStopping = false
async function shutDown(code: number) {
  if (isStopping) return
  isStopping = true
  print('Stopping …')
  await supervisor.stopAll()
  await stopMachines().catch((error: Error) =>
    print(`Stopping machines failed; some may still be running: ${error.message}`),
  )
  // Last, because web and worker still write.
  await postgres?.stop()
  process.exit(code)
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void shutDown(0))
// The start script has exited, possibly by a crash.
process.once('disconnect', () => void shutDown(0))

try {
  if (isDevelopment && process.argv.includes('--s3')) {
    print('Starting an S3 service …')
    // Not part of the compiled supervisor: production has none of the tests.
    const module = (await import(DEVELOPMENT_S3)) as { useDevelopmentS3(): Promise<void> }
    await module.useDevelopmentS3()
  }
  if (!process.env.DATABASE_URL) {
    print('Starting Postgres …')
    const { url, appUrl } = await supervisePostgres()
    process.env.DATABASE_URL = appUrl
    process.env.DATABASE_MIGRATION_URL = url
    saveDatabaseUrl(DATA_DIR, appUrl)
  }
  print('Migrating the database …')
  const { migrate } = await import('./migrate')
  await migrate(process.env.DATABASE_MIGRATION_URL || process.env.DATABASE_URL, process.env.DATABASE_URL)
  // Not for web and worker, which inherit the environment.
  delete process.env.DATABASE_MIGRATION_URL
  print('Starting web and worker …')
  supervisor.supervise(
    'web',
    isDevelopment ? ['--import', 'tsx', ...WEB_WATCH_ARGS, 'server.ts'] : compiledArgs('server'),
  )
  supervisor.supervise(
    'worker',
    isDevelopment
      ? ['--import', 'tsx', '--watch', 'worker/main.ts']
      : [...WORKER_MEMORY_ARGS, ...compiledArgs('worker')],
  )
  await waitUntilHealthy()
  await printSetupCode()
  if (!isStopping) print(`Meanwhile is ready: ${publicUrl}`)
} catch (error) {
  const { message, code } = error as NodeJS.ErrnoException
  print(`Meanwhile failed to start: ${message || code}`)
  await shutDown(1)
}

/** While there is no account, anyone who can reach the server could create the administrator's. */
async function printSetupCode() {
  const db = openDb({ url: process.env.DATABASE_URL!, poolSize: 1 })
  if (await needsSetup(db))
    print(`Setup code, to create the first account from another computer: ${setupCode()}`)
  await db.$disconnect()
}

/** Machines outlive the worker, but those on this computer not the server (decision 0020). */
async function stopMachines() {
  if (!postgres && !process.env.DATABASE_URL) return
  const { chooseHypervisor } = await import('@/worker/machines/drivers/choose-hypervisor')
  const { loadHostId } = await import('@/worker/machines/host/local-machine-host')
  const { readInstallationId } = await import('@/lib/machines/installation-id')
  const db = openDb({ url: process.env.DATABASE_URL! })
  const owner = { hostId: await loadHostId(DATA_DIR), installationId: await readInstallationId(db) }
  const hypervisor = await chooseHypervisor(config(), owner)
  if (hypervisor?.capabilities.survivesApp) await hypervisor.close()
  else if (hypervisor) {
    const { stopAllMachines } = await import('@/worker/machines/host/stop-all-machines')
    await stopAllMachines({ db, hypervisor })
  }
  await db.$disconnect()
}

/** Starts Postgres and restarts it after each exit. Web and worker reconnect on their own. */
async function supervisePostgres(): Promise<RunningPostgres> {
  const started = await startPostgres({ dataDir: DATA_DIR })
  postgres = started
  void started.exited.then(async () => {
    while (!isStopping) {
      print('The Postgres process exited. Restarting …')
      const isUp = await supervisePostgres().then(
        () => true,
        () => delay(500, false),
      )
      if (isUp) return
    }
  })
  return started
}

/** A sandbox problem counts as healthy: pages and API work, and show how to fix it. */
async function waitUntilHealthy() {
  const address = `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}/api/health`
  const db = openDb({ url: process.env.DATABASE_URL!, poolSize: 1 })
  for (let attempt = 1; !isStopping; attempt++) {
    const response = await fetch(address).catch(() => undefined)
    // Read here, because the response does not name reasons to anonymous clients.
    const { missing, warnings } = await readHealth(db)
    const warning = [...missing, ...warnings].find((problem) => problem.startsWith('sandbox'))
    if (response && warning) print(`\nWARNING: ${healthMessage(warning)}\n`)
    if (response && (response.ok || warning)) break
    if (attempt % 150 === 0) print(`Still waiting for ${missing.join(', ') || 'the web process'} …`)
    await delay(200)
  }
  await db.$disconnect()
}

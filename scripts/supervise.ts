import { setTimeout as delay } from 'node:timers/promises'
import { config } from '@/lib/config/config'
import { openDb } from '@/lib/database/db'
import type { Health } from '@/lib/health/queries'
import { healthMessage } from '@/lib/health/health-messages'
import { saveDatabaseUrl } from './database-url'
import { ProcessSupervisor } from './process-supervisor'
import { type RunningPostgres, startPostgres } from './postgres'

// Runs database, web and worker, starts again what crashes, and ends all of it together.
const { DATA_DIR, HOST, PORT, publicUrl } = config()
const print = (line: string) => process.stdout.write(`${line}\n`)
// The terminal may be closed while the app still has to be ended.
process.stdout.on('error', () => undefined)
const isDevelopment = process.argv.includes('--dev')
// Next.js reloads pages and routes by itself; what runs beside it needs a new process.
const WEB_WATCH_ARGS = [
  'server.ts',
  'app/http',
  'lib/realtime',
  'lib/kinds.ts',
  'lib/task-end-listeners.ts',
].map((at) => `--watch-path=${at}`)
const supervisor = new ProcessSupervisor({ say: print, isDevelopment })

let postgres: RunningPostgres | undefined
let isEnding = false
async function shutDown(code: number) {
  if (isEnding) return
  isEnding = true
  print('Stopping …')
  await supervisor.stopAll()
  await stopMachines().catch((error: Error) => print(`Machines may still run: ${error.message}`))
  // Last, for web and worker still write.
  await postgres?.stop()
  process.exit(code)
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void shutDown(0))
// The start script is gone, however it went.
process.once('disconnect', () => void shutDown(0))

try {
  if (!process.env.DATABASE_URL) {
    print('Starting Postgres …')
    process.env.DATABASE_URL = await supervisePostgres()
    saveDatabaseUrl(DATA_DIR, process.env.DATABASE_URL)
  }
  print('Migrating the database …')
  const { migrate } = await import('./migrate')
  await migrate(process.env.DATABASE_URL)
  print('Starting web and worker …')
  supervisor.supervise('web', isDevelopment ? [...WEB_WATCH_ARGS, 'server.ts'] : ['server.ts'])
  supervisor.supervise('worker', isDevelopment ? ['--watch', 'worker/main.ts'] : ['worker/main.ts'])
  await waitUntilHealthy()
  if (!isEnding) print(`Meanwhile is ready: ${publicUrl}`)
} catch (error) {
  const { message, code } = error as NodeJS.ErrnoException
  print(`Meanwhile could not start: ${message || code}`)
  await shutDown(1)
}

/** Machines outlive a worker, but not the whole: nothing is left running. */
async function stopMachines() {
  if (!postgres && !process.env.DATABASE_URL) return
  const { chooseHypervisor } = await import('@/worker/machines/drivers/choose-hypervisor')
  const hypervisor = await chooseHypervisor(config())
  if (!hypervisor) return
  const { stopAllMachines: endMachines } = await import('@/worker/machines/host/stop-all-machines')
  const db = openDb({ url: process.env.DATABASE_URL! })
  await endMachines({ db, hypervisor })
  await db.$disconnect()
}

/** Starts the database, and again on the same port whenever it dies. Web and worker wait for it. */
async function supervisePostgres(): Promise<string> {
  const started = await startPostgres({ dataDir: DATA_DIR })
  postgres = started
  void started.exited.then(async () => {
    while (!isEnding) {
      print('The Postgres process ended; starting it again.')
      const isUp = await supervisePostgres().then(
        () => true,
        () => delay(500, false),
      )
      if (isUp) return
    }
  })
  return started.url
}

/** Pages and API work without a sandbox too, and tell what to do. */
async function waitUntilHealthy() {
  const address = `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}/api/health`
  for (let tries = 1; !isEnding; tries++) {
    const answer = await fetch(address).catch(() => undefined)
    const health = answer && ((await answer.json()) as Health)
    const [warning] = health
      ? [...health.missing, ...health.warnings].filter((what) => what.startsWith('sandbox'))
      : []
    if (warning) print(`\nWARNING: ${healthMessage(warning)}\n`)
    if (answer?.ok || warning) return
    if (tries % 150 === 0)
      print(`Not ready yet: ${health?.missing.join(', ') ?? 'the web process is silent'}`)
    await delay(200)
  }
}

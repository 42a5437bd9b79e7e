import { setTimeout as delay } from 'node:timers/promises'
import { config } from '@/lib/config'
import { openDb } from '@/lib/db'
import type { Health } from '@/lib/health'
import { healthText } from '@/lib/health-words'
import { saveDatabaseUrl } from './database-url'
import { ProcessKeeper } from './process-keeper'
import { type RunningPostgres, startPostgres } from './postgres'

// Runs database, web and worker, starts again what crashes, and ends all of it together.
const { DATA_DIR, HOST, PORT, publicUrl } = config()
const say = (line: string) => process.stdout.write(`${line}\n`)
// The terminal may be closed while the app still has to be ended.
process.stdout.on('error', () => undefined)
const isDevelopment = process.argv.includes('--dev')
// Next.js reloads pages and routes by itself; what runs beside it needs a new process.
const WATCHED_BY_WEB = ['server.ts', 'app/server', 'lib/realtime'].map((at) => `--watch-path=${at}`)
const keeper = new ProcessKeeper({ say, isDevelopment })

let postgres: RunningPostgres | undefined
let isEnding = false
async function end(code: number) {
  if (isEnding) return
  isEnding = true
  say('Stopping …')
  await keeper.stopAll()
  await endAllMachines().catch((error: Error) => say(`Machines may still run: ${error.message}`))
  // Last, for web and worker still write.
  await postgres?.stop()
  process.exit(code)
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end(0))
// The start script is gone, however it went.
process.once('disconnect', () => void end(0))

try {
  if (!process.env.DATABASE_URL) {
    say('Starting Postgres …')
    process.env.DATABASE_URL = await keepPostgres()
    saveDatabaseUrl(DATA_DIR, process.env.DATABASE_URL)
  }
  say('Migrating the database …')
  const { migrate } = await import('./migrate')
  await migrate(process.env.DATABASE_URL)
  say('Starting web and worker …')
  keeper.keep('web', isDevelopment ? [...WATCHED_BY_WEB, 'server.ts'] : ['server.ts'])
  keeper.keep('worker', isDevelopment ? ['--watch', 'worker/main.ts'] : ['worker/main.ts'])
  await isHealthy()
  if (!isEnding) say(`Meanwhile is ready: ${publicUrl}`)
} catch (error) {
  const { message, code } = error as NodeJS.ErrnoException
  say(`Meanwhile could not start: ${message || code}`)
  await end(1)
}

/** Machines outlive a worker, but not the whole: nothing is left running. */
async function endAllMachines() {
  if (!postgres && !process.env.DATABASE_URL) return
  const { chooseHypervisor } = await import('@/worker/machines/choose-hypervisor')
  const hypervisor = await chooseHypervisor(config())
  if (!hypervisor) return
  const { endMachines } = await import('@/worker/machines/end-machines')
  const db = openDb({ url: process.env.DATABASE_URL! })
  await endMachines({ db, hypervisor })
  await db.$disconnect()
}

/** Starts the database, and again on the same port whenever it dies. Web and worker wait for it. */
async function keepPostgres(): Promise<string> {
  const started = await startPostgres({ dataDir: DATA_DIR })
  postgres = started
  void started.ended.then(async () => {
    while (!isEnding) {
      say('The Postgres process ended; starting it again.')
      const isUp = await keepPostgres().then(
        () => true,
        () => delay(500, false),
      )
      if (isUp) return
    }
  })
  return started.url
}

/** Pages and API work without a sandbox too, and tell what to do. */
async function isHealthy() {
  const address = `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}/api/health`
  for (let tries = 1; !isEnding; tries++) {
    const answer = await fetch(address).catch(() => undefined)
    const health = answer && ((await answer.json()) as Health)
    const [warning] = health
      ? [...health.missing, ...health.warnings].filter((what) => what.startsWith('sandbox'))
      : []
    if (warning) say(`\nWARNING: ${healthText(warning)}\n`)
    if (answer?.ok || warning) return
    if (tries % 150 === 0) say(`Not ready yet: ${health?.missing.join(', ') ?? 'the web process is silent'}`)
    await delay(200)
  }
}

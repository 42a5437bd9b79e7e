import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { config } from '@/lib/config'
import { saveDatabaseUrl } from './database-url'
import { lockDataDir } from './lock'
import { startPostgres } from './postgres'

// Runs database, web and worker, starts again what crashes, and ends all of it together.
const { DATA_DIR, HOST, PORT, publicUrl } = config()
const say = (line: string) => process.stdout.write(`${line}\n`)
const isDevelopment = process.argv.includes('--dev')

mkdirSync(DATA_DIR, { recursive: true })
const lock = await lockDataDir(DATA_DIR)
if (!lock.isHeld) {
  say(
    `Meanwhile already runs on ${DATA_DIR} (process ${lock.pid}). Stop it first, or choose another folder: DATA_DIR=… npm start`,
  )
  process.exit(1)
}

let isEnding = false
const children = new Map<string, ChildProcess>()
let stopDatabase = async () => {}
async function end(code: number) {
  if (isEnding) return
  isEnding = true
  say('Stopping …')
  const stopped = [...children.values()].map((child) => new Promise((resolve) => child.once('exit', resolve)))
  for (const child of children.values()) child.kill('SIGTERM')
  const killer = setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), 25_000)
  await Promise.all(stopped)
  clearTimeout(killer)
  await stopDatabase()
  lock.release()
  process.exit(code)
}
process.on('SIGTERM', () => void end(0))
process.on('SIGINT', () => void end(0))
process.once('disconnect', () => void end(0))

function keep(name: string, args: string[]) {
  const startedAt = Date.now()
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: isDevelopment ? 'development' : 'production' },
  })
  children.set(name, child)
  child.once('exit', (code, signal) => {
    children.delete(name)
    if (isEnding) return
    say(`The ${name} process ended (${signal ?? code}); starting it again.`)
    setTimeout(() => isEnding || keep(name, args), Date.now() - startedAt > 10_000 ? 100 : 2_000)
  })
}

/** Starts the database, and again on the same port whenever it dies. Web and worker wait for it. */
async function keepPostgres(): Promise<string> {
  const postgres = await startPostgres({ dataDir: DATA_DIR })
  stopDatabase = postgres.stop
  void postgres.ended.then(async () => {
    while (!isEnding) {
      say('The Postgres process ended; starting it again.')
      const isUp = await keepPostgres().then(
        () => true,
        () => delay(500, false),
      )
      if (isUp) return
    }
  })
  return postgres.url
}

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
  keep('web', ['server.ts'])
  keep('worker', isDevelopment ? ['--watch', 'worker/main.ts'] : ['worker/main.ts'])
  const address = `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`
  while (
    !isEnding &&
    !(await fetch(`${address}/api/health`).then(
      (answer) => answer.ok,
      () => false,
    ))
  )
    await delay(200)
  if (!isEnding) say(`Meanwhile is ready: ${publicUrl}`)
} catch (error) {
  say(`Meanwhile could not start: ${error instanceof Error ? error.message : String(error)}`)
  await end(1)
}

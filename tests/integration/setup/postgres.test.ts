import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type RunningPostgres, startPostgres } from '@/scripts/postgres'
import { evalArgs } from '@/tests/support/eval-args'

let dataDir: string
let pidFile: string
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'meanwhile-postgres-'))
  pidFile = path.join(dataDir, 'postgres', 'data', 'postmaster.pid')
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

async function runQuery(postgres: RunningPostgres, sql: string) {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  try {
    return (await client.query<Record<string, string>>(sql)).rows
  } finally {
    await client.end()
  }
}

it('shuts down cleanly, and restarts with the same address and data', async () => {
  const first = await startPostgres({ dataDir })
  await runQuery(first, 'CREATE TABLE sample (id int)')
  await first.stop()
  // Postgres deletes the file as the last step of a clean shutdown only.
  expect(existsSync(pidFile)).toBe(false)
  const second = await startPostgres({ dataDir })
  expect(second.url).toBe(first.url)
  expect(await runQuery(second, 'SELECT * FROM sample')).toEqual([])
  await second.stop()
})

it('starts after a SIGKILL', async () => {
  await (await startPostgres({ dataDir })).kill()
  expect(existsSync(pidFile)).toBe(true)
  await (await startPostgres({ dataDir })).stop()
})

it('starts even if its stale PID now belongs to another program', async () => {
  await (await startPostgres({ dataDir })).kill()
  const bystander = spawn('sleep', ['60'])
  const content = await readFile(pidFile, 'utf8')
  await writeFile(pidFile, content.replace(/^\d+/, String(bystander.pid)))
  await (await startPostgres({ dataDir })).stop()
  expect(bystander.exitCode).toBeNull()
  bystander.kill()
})

it('replaces an instance that a crashed run left behind', async () => {
  const previous = await startPostgres({ dataDir })
  const next = await startPostgres({ dataDir })
  await previous.exited
  expect(next.pid).not.toBe(previous.pid)
  await next.stop()
})

it('chooses another port if the previous one is in use', async () => {
  const first = await startPostgres({ dataDir })
  await first.stop()
  const otherServer = createServer().listen(Number(new URL(first.url).port), '127.0.0.1')
  await once(otherServer, 'listening')
  const second = await startPostgres({ dataDir })
  expect(new URL(second.url).port).not.toBe(new URL(first.url).port)
  await second.stop()
  otherServer.close()
})

it('shuts down when its parent process is killed', async () => {
  const program = `
    const { startPostgres } = await import('./scripts/postgres.ts')
    const { pid } = await startPostgres({ dataDir: ${JSON.stringify(dataDir)} })
    process.stdout.write(String(pid))
    setInterval(() => {}, 1000)`
  const parent = spawn(process.execPath, evalArgs(program), { stdio: ['ignore', 'pipe', 'inherit'] })
  const [pid] = (await once(parent.stdout, 'data')) as [Buffer]
  parent.kill('SIGKILL')
  const isRunning = () => existsSync(`/proc/${pid.toString()}`)
  await vi.waitUntil(() => !isRunning(), { timeout: 10_000 })
  expect(existsSync(pidFile)).toBe(false)
})

it('uses UTF-8 and byte order regardless of the system locale', async () => {
  const postgres = await startPostgres({ dataDir })
  const [row] = await runQuery(
    postgres,
    `SELECT datcollate, pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = 'meanwhile'`,
  )
  expect(row).toEqual({ datcollate: 'C.UTF-8', encoding: 'UTF8' })
  await postgres.stop()
})

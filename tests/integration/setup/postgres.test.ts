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

it('ends cleanly, and has the same address and data the next time', async () => {
  const first = await startPostgres({ dataDir })
  await runQuery(first, 'CREATE TABLE kept (id int)')
  await first.stop()
  // Postgres takes it away as the last thing of a clean end only.
  expect(existsSync(pidFile)).toBe(false)
  const second = await startPostgres({ dataDir })
  expect(second.url).toBe(first.url)
  expect(await runQuery(second, 'SELECT * FROM kept')).toEqual([])
  await second.stop()
})

it('starts after it was killed hard', async () => {
  await (await startPostgres({ dataDir })).kill()
  expect(existsSync(pidFile)).toBe(true)
  await (await startPostgres({ dataDir })).stop()
})

it('starts though its stale pid belongs to another program now', async () => {
  await (await startPostgres({ dataDir })).kill()
  const bystander = spawn('sleep', ['60'])
  const note = await readFile(pidFile, 'utf8')
  await writeFile(pidFile, note.replace(/^\d+/, String(bystander.pid)))
  await (await startPostgres({ dataDir })).stop()
  expect(bystander.exitCode).toBeNull()
  bystander.kill()
})

it('ends one that a crashed run left, and takes its place', async () => {
  const left = await startPostgres({ dataDir })
  const next = await startPostgres({ dataDir })
  await left.exited
  expect(next.pid).not.toBe(left.pid)
  await next.stop()
})

it('chooses another port when its own was taken meanwhile', async () => {
  const first = await startPostgres({ dataDir })
  await first.stop()
  const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1')
  await once(squatter, 'listening')
  const second = await startPostgres({ dataDir })
  expect(new URL(second.url).port).not.toBe(new URL(first.url).port)
  await second.stop()
  squatter.close()
})

it('ends by itself when its starter is killed hard', async () => {
  const program = `
    const { startPostgres } = await import('./scripts/postgres.ts')
    const { pid } = await startPostgres({ dataDir: ${JSON.stringify(dataDir)} })
    process.stdout.write(String(pid))
    setInterval(() => {}, 1000)`
  const starter = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [pid] = (await once(starter.stdout, 'data')) as [Buffer]
  starter.kill('SIGKILL')
  const isThere = () => existsSync(`/proc/${pid.toString()}`)
  await vi.waitUntil(() => !isThere(), { timeout: 10_000 })
  expect(existsSync(pidFile)).toBe(false)
})

it('sorts by bytes and keeps UTF-8, whatever the system is set to', async () => {
  const postgres = await startPostgres({ dataDir })
  const [row] = await runQuery(
    postgres,
    `SELECT datcollate, pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = 'meanwhile'`,
  )
  expect(row).toEqual({ datcollate: 'C.UTF-8', encoding: 'UTF8' })
  await postgres.stop()
})

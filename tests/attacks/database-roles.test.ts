import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { startPostgres } from '@/scripts/postgres'
import { type App, startApp } from '@/tests/support/app'
import type { TestUser } from '@/tests/support/accounts'
import { processClip } from '@/tests/support/process-clip'

let app: App
let ada: TestUser
beforeAll(async () => {
  app = await startApp({ MACHINES: 'off' })
  ada = await app.createUser('ada@example.com', { isAdmin: true })
})
afterAll(() => app.stop())

const readEnvironment = (script: string, of = app) =>
  new Map(
    readFileSync(`/proc/${of.findPid(script)}/environ`, 'utf8')
      .split('\0')
      .map((entry) => entry.split(/=(.*)/s, 2) as [string, string]),
  )

async function withDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** What an SQL injection in web or worker would try. */
const ATTACKS = [
  `COPY (SELECT 1) TO PROGRAM 'id'`,
  `SELECT pg_read_file('/etc/passwd')`,
  'SELECT rolpassword FROM pg_authid',
  'ALTER ROLE meanwhile_app SUPERUSER',
  'CREATE TABLE loot (line text)',
  'CREATE SCHEMA evil',
  'DROP TABLE video',
  'TRUNCATE audit_entry',
  `UPDATE audit_entry SET action = 'nothing'`,
  'ALTER TABLE audit_entry DISABLE TRIGGER ALL',
  `SET session_replication_role = 'replica'`,
  'DELETE FROM _prisma_migrations',
]

/** Checks that a URL is of a role that can neither leave the database nor change its tables. */
const expectPlainRole = (url: string) =>
  withDatabase(url, async (client) => {
    const { rows } = await client.query<{ isSuperuser: string }>(
      `SELECT current_setting('is_superuser') AS "isSuperuser"`,
    )
    expect(rows[0]!.isSuperuser).toBe('off')
    for (const sql of ATTACKS)
      await expect(client.query(sql), sql).rejects.toThrow(/permission denied|must be owner/)
  })

it('connects web and worker as a role that can neither leave the database nor change its tables', async () => {
  for (const script of ['dist/server.js', 'dist/worker.js']) {
    const environment = readEnvironment(script)
    const url = environment.get('DATABASE_URL')!
    expect(new URL(url).username).toBe('meanwhile_app')
    expect(environment.get('DATABASE_MIGRATION_URL') ?? '').toBe('')
    await expectPlainRole(url)
  }
})

it('processes uploads and writes backups as that role', async () => {
  await processClip(ada)
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-roles-'))
  const args = ['--import', 'tsx', 'scripts/backup/backup.ts', path.join(dir, 'backup')]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: app.env })
  expect(stdout).toMatch(/Backed up \d+ rows/)
  rmSync(dir, { recursive: true })
})

it('works with two roles on an own server, neither of which is a superuser', async () => {
  const template = inject('templateUrl')
  const id = randomUUID().slice(0, 8)
  const [owner, plain] = [`owner_${id}`, `plain_${id}`]
  await withDatabase(template.replace(/[^/]+$/, 'postgres'), async (client) => {
    for (const role of [owner, plain]) await client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'own'`)
    await client.query(`CREATE DATABASE ${owner} OWNER ${owner}`)
  })
  const urlOf = (role: string) => {
    const url = new URL(template)
    Object.assign(url, { username: role, password: 'own', pathname: `/${owner}` })
    return url.href
  }
  const own = await startApp({
    MACHINES: 'off',
    DATABASE_URL: urlOf(plain),
    DATABASE_MIGRATION_URL: urlOf(owner),
  })
  try {
    await processClip(await own.createUser('grace@example.com'))
    for (const script of ['dist/server.js', 'dist/worker.js']) {
      const environment = readEnvironment(script, own)
      expect(environment.get('DATABASE_URL')).toBe(urlOf(plain))
      expect(environment.get('DATABASE_MIGRATION_URL') ?? '').toBe('')
    }
    await expectPlainRole(urlOf(plain))
  } finally {
    await own.stop()
  }
})

it('introduces the role to a database of an earlier version', async () => {
  const exited = once(app.child, 'exit')
  app.child.kill('SIGTERM')
  await exited
  const postgres = await startPostgres({ dataDir: app.dataDir })
  await withDatabase(postgres.url, (client) =>
    client.query('DROP OWNED BY meanwhile_app; DROP ROLE meanwhile_app'),
  )
  await postgres.stop()
  rmSync(path.join(app.dataDir, 'postgres', 'app-password'))
  await app.restart()
  expect(new URL(readEnvironment('dist/server.js').get('DATABASE_URL')!).username).toBe('meanwhile_app')
  await processClip(ada)
})

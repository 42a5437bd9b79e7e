import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { describe, expect, inject, it } from 'vitest'
import { migrate } from '@/scripts/migrate'
import { applyWithPrisma, createDriftSql, createSchemaSql } from '@/scripts/schema-diff'
import { useDatabase } from '@/tests/support/database'

const database = useDatabase()

async function runQueries(url: string, ...statements: string[]) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    let rows: unknown[] = []
    for (const statement of statements) ({ rows } = await client.query(statement))
    return rows
  } finally {
    await client.end()
  }
}

/** Tables, columns, indexes and constraints by Postgres's catalog, without checks, which schema.prisma cannot express. */
const schemaQuery = `
  SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default, '' AS more FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
  UNION ALL SELECT tablename, indexname, '', '', '', '', indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'
  UNION ALL SELECT conrelid::regclass::text, conname, '', '', '', '', pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> '_prisma_migrations' AND contype <> 'c'
  ORDER BY 1, 2, 7`

// In a copy: a connection to the template would keep other files from copying it.
it('applies nothing to a database that is up to date', async () => {
  expect(await migrate(database.url)).toEqual([])
})

it('refuses a share of nothing, and of several things', async () => {
  const share = (videoId: string | null, machineId: string | null, playlistId: string | null = null) =>
    database.db.share.create({ data: { videoId, machineId, playlistId, tokenHash: randomUUID(), token: '' } })
  const check = { message: expect.stringContaining('share_target_check') }
  await expect(share(null, null)).rejects.toMatchObject(check)
  await expect(share(randomUUID(), randomUUID())).rejects.toMatchObject(check)
  await expect(share(randomUUID(), null, randomUUID())).rejects.toMatchObject(check)
})

it('reaches the schema of schema.prisma by the migrations', async () => {
  const migrated = await runQueries(database.url, schemaQuery)
  const sql = await createSchemaSql(inject('templateUrl').replace(/[^/]+$/, 'postgres'))
  expect(
    await runQueries(
      database.url,
      'DROP SCHEMA public CASCADE',
      'CREATE SCHEMA public',
      'CREATE EXTENSION pg_trgm',
      sql,
      schemaQuery,
    ),
  ).toEqual(migrated)
})

it('leaves no drift that Prisma would migrate', async () => {
  const sql = await createDriftSql(inject('templateUrl').replace(/[^/]+$/, 'postgres'))
  expect(sql.trim()).toBe('-- This is an empty migration.')
})

async function inNewDatabase(work: (url: string) => Promise<void>) {
  const at = (name: string) => inject('templateUrl').replace(/[^/]+$/, name)
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await runQueries(at('postgres'), `CREATE DATABASE ${name}`)
  try {
    await work(at(name))
  } finally {
    await runQueries(at('postgres'), `DROP DATABASE ${name} WITH (FORCE)`)
  }
}

it('applies every migration once when two processes start on a new database', () =>
  inNewDatabase(async (url) => {
    const applied = await Promise.all([migrate(url), migrate(url)])
    const lengths = applied.map((names) => names.length).sort((a, b) => a - b)
    expect(lengths[0]).toBe(0)
    expect(lengths[1]).toBeGreaterThan(0)
  }))

it('rolls a failing migration back and reports its name', () =>
  inNewDatabase(async (url) => {
    const newest = (await migrate(url)).at(-1)!
    const selectNewest = `SELECT 1 FROM _prisma_migrations WHERE migration_name = '${newest}'`
    // Its objects exist already, so applying it again fails.
    await runQueries(url, `DELETE FROM _prisma_migrations WHERE migration_name = '${newest}'`)
    await expect(migrate(url)).rejects.toThrow(`Migration ${newest} failed: `)
    expect(await runQueries(url, selectNewest)).toEqual([])
  }))

describe('beside `prisma migrate deploy`', () => {
  it('keeps a history in which Prisma finds nothing to apply', () =>
    inNewDatabase(async (url) => {
      await migrate(url)
      expect(await applyWithPrisma(url)).toEqual([])
    }))

  it('takes over a database that Prisma migrated', () =>
    inNewDatabase(async (url) => {
      expect((await applyWithPrisma(url)).length).toBeGreaterThan(10)
      expect(await migrate(url)).toEqual([])
    }))

  it('refuses to continue after a migration that failed under Prisma', () =>
    inNewDatabase(async (url) => {
      await migrate(url)
      await runQueries(
        url,
        `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', '', 'broken')`,
      )
      await expect(migrate(url)).rejects.toThrow('Migration broken failed earlier')
    }))
})

import pg from 'pg'
import { expect, inject, it } from 'vitest'
import { driftSql, migrate, schemaSql } from '@/scripts/migrate'
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

/** Tables, columns, indexes and constraints as Postgres itself tells them. */
const schemaQuery = `
  SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default, '' AS more FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
  UNION ALL SELECT tablename, indexname, '', '', '', '', indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'
  UNION ALL SELECT conrelid::regclass::text, conname, '', '', '', '', pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> '_prisma_migrations'
  ORDER BY 1, 2, 7`

// In a copy: as long as somebody is in the template, no other file can copy it.
it('finds nothing to do the second time', async () => {
  expect(await migrate(database.url)).toEqual([])
})

it('keeps schema.prisma and the migrations together', async () => {
  const migrated = await runQueries(database.url, schemaQuery)
  const sql = await schemaSql(inject('templateUrl').replace(/[^/]+$/, 'postgres'))
  expect(
    await runQueries(database.url, 'DROP SCHEMA public CASCADE', 'CREATE SCHEMA public', sql, schemaQuery),
  ).toEqual(migrated)
})

it('has nothing to add: Prisma itself finds no drift', async () => {
  const sql = await driftSql(inject('templateUrl').replace(/[^/]+$/, 'postgres'))
  expect(sql.trim()).toBe('-- This is an empty migration.')
})

it('lets two processes migrate one new database at once', async () => {
  const at = (name: string) => inject('templateUrl').replace(/[^/]+$/, name)
  await runQueries(at('postgres'), 'CREATE DATABASE migrated_twice')
  try {
    const applied = await Promise.all([migrate(at('migrated_twice')), migrate(at('migrated_twice'))])
    const lengths = applied.map((names) => names.length).sort((a, b) => a - b)
    expect(lengths[0]).toBe(0)
    expect(lengths[1]).toBeGreaterThan(0)
  } finally {
    await runQueries(at('postgres'), 'DROP DATABASE migrated_twice WITH (FORCE)')
  }
})

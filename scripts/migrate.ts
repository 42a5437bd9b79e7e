import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { listMigrations, MIGRATIONS_DIR } from '@/lib/database/migration-names'
import { kinds } from '@/lib/kinds'
import { installSchedules } from '@/lib/schedules/install-schedules'
import { migrateBoss } from '@/lib/tasks/boss'
import { grantTables } from './database-roles'

/** Advisory lock of `prisma migrate deploy`, so that the two exclude each other. */
const PRISMA_LOCK = 72_707_369

/** The table as `prisma migrate` creates it. */
const HISTORY_TABLE = `
  CREATE TABLE _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`

/**
 * Migrates the database to this version: applies the migrations of prisma/migrations, then installs the schema of
 * pg-boss and the queues. `url` names the owner of the tables; the user of `appUrl`, if another, may use them
 * afterwards. Idempotent. Concurrent calls, also from other processes, run one at a time. Returns the names of the
 * migrations that this call applied.
 * @throws {Error} if a migration fails, which is rolled back, or if one failed earlier under `prisma migrate`
 */
export async function migrate(url: string, appUrl = url): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK])
    const applied = await applyPendingMigrations(client)
    await migrateBoss({ url, kinds, install: installSchedules })
    const [owner, appRole] = [url, appUrl].map((each) => decodeURIComponent(new URL(each).username))
    if (appRole && appRole !== owner) await grantTables(client, appRole)
    return applied
  } finally {
    await client.end()
  }
}

async function applyPendingMigrations(client: pg.Client) {
  await createHistory(client)
  const { rows } = await client.query<{ name: string; isFinished: boolean }>(
    `SELECT migration_name AS name, finished_at IS NOT NULL AS "isFinished"
     FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  )
  const failed = rows.find(({ isFinished }) => !isFinished)
  if (failed)
    throw new Error(
      `Migration ${failed.name} failed earlier. Repair the database, then run \`npx prisma migrate resolve\`.`,
    )
  const applied = new Set(rows.map(({ name }) => name))
  const pending = listMigrations().filter((name) => !applied.has(name))
  for (const name of pending) await applyInTransaction(client, name)
  return pending
}

/** `IF NOT EXISTS` would need the right to create tables even where the table exists. */
async function createHistory(client: pg.Client) {
  const { rows } = await client.query<{ exists: boolean }>(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists",
  )
  if (!rows[0]!.exists) await client.query(HISTORY_TABLE)
}

/** Applies these migrations to an empty schema, inside the caller's transaction. */
export async function applyMigrations(client: pg.Client, names: readonly string[]) {
  await createHistory(client)
  for (const name of names) await applyMigration(client, name)
}

/** Applies a migration and commits it together with its history row. */
async function applyInTransaction(client: pg.Client, name: string) {
  await client.query('BEGIN')
  try {
    await applyMigration(client, name)
    await client.query('COMMIT')
  } catch (error) {
    // It fails if the connection is lost, which rolls back as well.
    await client.query('ROLLBACK').catch(() => undefined)
    throw new Error(`Migration ${name} failed: ${(error as Error).message}`, { cause: error })
  }
}

async function applyMigration(client: pg.Client, name: string) {
  const script = readFileSync(path.join(MIGRATIONS_DIR, name, 'migration.sql'), 'utf8')
  const checksum = createHash('sha256').update(script).digest('hex')
  await client.query(script)
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, clock_timestamp(), 1)`,
    [randomUUID(), checksum, name],
  )
}

if (import.meta.main) {
  const url = process.env.DATABASE_URL
  if (!url) throw new Error('Set DATABASE_URL, or run `npm start`, which migrates the embedded database.')
  const applied = await migrate(process.env.DATABASE_MIGRATION_URL || url, url)
  process.stdout.write(applied.length ? `Applied ${applied.join(', ')}.\n` : 'The database is up to date.\n')
}

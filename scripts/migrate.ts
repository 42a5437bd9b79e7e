import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrateBoss } from '@/lib/tasks/boss'
import { kinds } from '@/lib/tasks/kinds'
import { openMigrationEngine } from './migration-engine'

const prismaDir = path.resolve(fileURLToPath(import.meta.url), '../../prisma')

/** The migrations as files, in Prisma's own form. */
export function readMigrations() {
  const baseDir = path.join(prismaDir, 'migrations')
  const names = readdirSync(baseDir, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: names
      .map(({ name }) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok', value: readFileSync(path.join(baseDir, name, 'migration.sql'), 'utf8') },
        },
      }))
      .sort((a, b) => a.path.localeCompare(b.path)),
  }
}

/**
 * Brings the database to this version: Prisma's migrations, then pg-boss's schema and the queues.
 * Several processes may call it at once; the second waits. Returns the names of what was applied.
 */
export async function migrate(url: string): Promise<string[]> {
  const guard = new pg.Client({ connectionString: url })
  await guard.connect()
  try {
    await guard.query(`SELECT pg_advisory_lock(hashtext('meanwhile migrate'))`)
    const engine = await openMigrationEngine(url)
    const applied = await engine.applyMigrations({
      migrationsList: readMigrations(),
      filters: { externalTables: [], externalEnums: [] },
    })
    await migrateBoss({ url, kinds })
    return applied.appliedMigrationNames
  } finally {
    await guard.end()
  }
}

/** SQL that leads from the migrations to schema.prisma; empty when they agree. `url` is left as it is: a throwaway database does the work. */
export async function migrationDrift(url: string): Promise<string> {
  const engine = await openMigrationEngine(url)
  const schema = readFileSync(path.join(prismaDir, 'schema.prisma'), 'utf8')
  const result = await engine.diff({
    from: { tag: 'migrations', ...readMigrations() },
    to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  })
  return (result.stdout ?? '').replace('-- This is an empty migration.', '').trim()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const url = process.env.DATABASE_URL
  if (!url) throw new Error('Set DATABASE_URL, or use `npm start`, which migrates its own database.')
  const applied = await migrate(url)
  process.stdout.write(applied.length ? `Applied ${applied.join(', ')}.\n` : 'The database is up to date.\n')
}

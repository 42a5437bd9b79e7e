import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrateBoss } from '@/lib/tasks/boss'
import { kinds } from '@/lib/kinds'
import { installSchedules } from '@/lib/schedules/install-schedules'
import { withMigrationEngine } from './migration-engine'

const prismaDir = path.resolve(fileURLToPath(import.meta.url), '../../prisma')

const filters = { externalTables: [], externalEnums: [] }

/** The migrations as files, in Prisma's own form. */
function readMigrations() {
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
          content: {
            tag: 'ok' as const,
            value: readFileSync(path.join(baseDir, name, 'migration.sql'), 'utf8'),
          },
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
    const applied = await withMigrationEngine(url, (engine) =>
      engine.applyMigrations({ migrationsList: readMigrations(), filters }),
    )
    await migrateBoss({ url, kinds, install: installSchedules })
    return applied.appliedMigrationNames
  } finally {
    await guard.end()
  }
}

/** The SQL that makes schema.prisma in an empty database. */
export async function schemaSql(url: string): Promise<string> {
  const content = readFileSync(path.join(prismaDir, 'schema.prisma'), 'utf8')
  const to = { tag: 'schemaDatamodel' as const, files: [{ path: 'schema.prisma', content }] }
  const { stdout } = await withMigrationEngine(url, (engine) =>
    engine.diff({ from: { tag: 'empty' }, to, script: true, exitCode: null, filters }),
  )
  return stdout ?? ''
}

/** The SQL that leads from the migrations to schema.prisma. Makes, and drops, a shadow database beside `url`. */
export async function driftSql(url: string): Promise<string> {
  const content = readFileSync(path.join(prismaDir, 'schema.prisma'), 'utf8')
  const from = { tag: 'migrations' as const, ...readMigrations() }
  const to = { tag: 'schemaDatamodel' as const, files: [{ path: 'schema.prisma', content }] }
  const { stdout } = await withMigrationEngine(url, (engine) =>
    engine.diff({ from, to, script: true, exitCode: null, filters }),
  )
  return stdout ?? ''
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const url = process.env.DATABASE_URL
  if (!url) throw new Error('Set DATABASE_URL, or use `npm start`, which migrates its own database.')
  const applied = await migrate(url)
  process.stdout.write(applied.length ? `Applied ${applied.join(', ')}.\n` : 'The database is up to date.\n')
}

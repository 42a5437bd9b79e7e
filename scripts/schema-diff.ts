import { readFileSync } from 'node:fs'
import path from 'node:path'
import { listMigrations } from '@/lib/database/migration-names'
import { withSchemaEngine } from './schema-engine'

const prismaDir = path.resolve(import.meta.dirname, '../prisma')
const FILTERS = { externalTables: [], externalEnums: [] }

const readDatamodel = () => {
  const content = readFileSync(path.join(prismaDir, 'schema.prisma'), 'utf8')
  return { tag: 'schemaDatamodel' as const, files: [{ path: 'schema.prisma', content }] }
}

/** The migrations in the input format of Prisma's schema engine. */
function readMigrations() {
  const baseDir = path.join(prismaDir, 'migrations')
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: listMigrations().map((name) => {
      const value = readFileSync(path.join(baseDir, name, 'migration.sql'), 'utf8')
      return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value } } }
    }),
  }
}

/** Returns the SQL that creates the schema of schema.prisma in an empty database. */
export const createSchemaSql = (url: string) => diff(url, { tag: 'empty' as const })

/**
 * Returns the SQL that the migrations lack compared with schema.prisma. Uses a temporary shadow database on the same
 * server.
 */
export const createDriftSql = (url: string) => diff(url, { tag: 'migrations' as const, ...readMigrations() })

/** Applies pending migrations like `prisma migrate deploy`. Returns their names. */
export const applyWithPrisma = (url: string) =>
  withSchemaEngine(url, async (engine) => {
    const options = { migrationsList: readMigrations(), filters: FILTERS }
    return (await engine.applyMigrations(options)).appliedMigrationNames
  })

function diff(
  url: string,
  from: Parameters<Parameters<Parameters<typeof withSchemaEngine>[1]>[0]['diff']>[0]['from'],
) {
  return withSchemaEngine(url, async (engine) => {
    const options = { from, to: readDatamodel(), script: true, exitCode: null, filters: FILTERS }
    return (await engine.diff(options)).stdout ?? ''
  })
}

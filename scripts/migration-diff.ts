import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startPostgres } from './postgres'
import { createDriftSql } from './schema-diff'

// `npm run migrate:diff [NAME]`: prints the SQL that the migrations lack compared with schema.prisma; with a name,
// writes it as a migration.
const name = process.argv[2]
const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-diff-'))
const postgres = await startPostgres({ dataDir })
try {
  const sql = await createDriftSql(postgres.url)
  if (!name || sql.trim() === '-- This is an empty migration.') process.stdout.write(sql)
  else process.stdout.write(`Wrote ${writeMigration(name, sql)}.\n`)
} finally {
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

function writeMigration(title: string, sql: string) {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  const slug = title.toLowerCase().replace(/[^a-z0-9]+/g, '_')
  const dir = path.join('prisma', 'migrations', `${stamp}_${slug}`)
  mkdirSync(dir)
  writeFileSync(path.join(dir, 'migration.sql'), sql)
  return dir
}

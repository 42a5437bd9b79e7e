import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { driftSql } from './migrate'
import { startPostgres } from './postgres'

// `npm run migrate:diff [name]`: prints, or with a name writes, the migration that schema.prisma lacks.
const name = process.argv[2]
const dataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-diff-'))
const postgres = await startPostgres({ dataDir })
try {
  const sql = await driftSql(postgres.url)
  if (!name || sql.trim() === '-- This is an empty migration.') process.stdout.write(sql)
  else process.stdout.write(`Wrote ${writeMigration(name, sql)}.\n`)
} finally {
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

function writeMigration(title: string, sql: string) {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  const words = title.toLowerCase().replace(/[^a-z0-9]+/g, '_')
  const dir = path.join('prisma', 'migrations', `${stamp}_${words}`)
  mkdirSync(dir)
  writeFileSync(path.join(dir, 'migration.sql'), sql)
  return dir
}

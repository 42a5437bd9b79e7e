import { existsSync } from 'node:fs'
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { lockDataDir } from '../data-dir-lock.mjs'
import { applyMigrations, listMigrations, migrate } from '../migrate'
import { startPostgres } from '../postgres'
import { BACKUP_FOLDERS } from './backup'
import { importTables } from './database-copy'
import { type BackupOptions, type Manifest, readManifest, verifyFiles } from './manifest'
import { runBackupCommand } from './run-backup-command'

/**
 * Replaces the database and files with those of a backup. Verifies all checksums first. The database is replaced in one
 * transaction: after a failure, it and the files are unchanged. The next worker queues pending tasks again.
 * @throws {Error} if the backup is damaged, or was created by a newer version
 */
export async function restore({ dir, url, dataDir }: BackupOptions): Promise<Manifest> {
  const manifest = await readManifest(dir)
  const known = new Set(listMigrations())
  const unknown = manifest.migrations.find((name) => !known.has(name))
  if (unknown) throw new Error(`The backup was created by a newer version: migration ${unknown} is unknown.`)
  await verifyFiles(dir, manifest)
  const staging = path.join(dataDir, 'restore')
  await rm(staging, { recursive: true, force: true })
  for (const { path: file } of manifest.files)
    await copyWithFolders(path.join(dir, file), path.join(staging, 'new', file))

  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query('DROP SCHEMA IF EXISTS pgboss CASCADE')
    await client.query('DROP SCHEMA public CASCADE')
    await client.query('CREATE SCHEMA public')
    await applyMigrations(client, manifest.migrations)
    await importTables(client, dir, manifest)
    const moves: Move[] = []
    try {
      await swapFolders({ dataDir, staging, moves })
      await client.query('COMMIT')
    } catch (error) {
      for (const { from, to } of moves.toReversed()) await rename(to, from)
      throw error
    }
  } finally {
    await client.end()
  }
  await migrate(url)
  await rm(staging, { recursive: true, force: true })
  return manifest
}

async function copyWithFolders(from: string, to: string) {
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 })
  await cp(from, to)
}

interface Move {
  from: string
  to: string
}

interface SwapOptions {
  dataDir: string
  staging: string
  /** Receives each completed move, so that a failed swap can be reverted. */
  moves: Move[]
}

async function swapFolders({ dataDir, staging, moves }: SwapOptions) {
  const move = async (from: string, to: string) => {
    if (!existsSync(from)) return
    await rename(from, to)
    moves.push({ from, to })
  }
  await mkdir(path.join(staging, 'old'), { recursive: true })
  for (const folder of BACKUP_FOLDERS) {
    await move(path.join(dataDir, folder), path.join(staging, 'old', folder))
    await move(path.join(staging, 'new', folder), path.join(dataDir, folder))
  }
}

// `npm run restore -- DIR`; the app must be stopped.
if (import.meta.main)
  await runBackupCommand('restore', async ({ dir, dataDir }) => {
    const lock = await lockDataDir(dataDir, { waitMs: 0 })
    if ('heldBy' in lock)
      throw new Error(`Meanwhile is running on ${dataDir} (${lock.heldBy}). Stop it first.`)
    const postgres = process.env.DATABASE_URL ? undefined : await startPostgres({ dataDir })
    try {
      const { createdAt } = await restore({ dir, url: process.env.DATABASE_URL || postgres!.url, dataDir })
      return `Restored the backup of ${createdAt}.`
    } finally {
      await postgres?.stop()
    }
  })

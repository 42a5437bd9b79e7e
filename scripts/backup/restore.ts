import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { lockDataDir } from '../data-dir-lock.mjs'
import { listMigrations } from '@/lib/database/migration-names'
import { applyMigrations, migrate } from '../migrate'
import { startPostgres } from '../postgres'
import { config } from '@/lib/config/config'
import { backupFolders, STAGING_FOLDER } from './backup'
import { importTables } from './database-copy'
import { type BackupOptions, type Manifest, readManifest, verifyFiles } from './manifest'
import { runBackupCommand } from './run-backup-command'

/**
 * Replaces the database and files with those of a backup. Verifies all checksums first. The database is replaced in one
 * transaction: after a failure, it and the files are unchanged. The next worker queues pending tasks again. Entries of
 * the folders are replaced, not the folders themselves, which may be mount points.
 * @throws {Error} if the backup is damaged, or was created by a newer version
 */
export async function restore({
  dir,
  url,
  appUrl,
  dataDir,
}: BackupOptions & { appUrl?: string }): Promise<Manifest> {
  const manifest = await readManifest(dir)
  const known = new Set(listMigrations())
  const unknown = manifest.migrations.find((name) => !known.has(name))
  if (unknown) throw new Error(`The backup was created by a newer version: migration ${unknown} is unknown.`)
  await verifyFiles(dir, manifest)
  const folders = backupFolders(manifest.storage).map((name) => path.join(dataDir, name))
  const missing = folders.filter((folder) => !existsSync(folder))
  try {
    await removeStaging(folders)
    for (const { path: file } of manifest.files) await stageFile(path.join(dir, file), { dataDir, file })
    await replaceAll({ dir, url, folders, manifest })
  } catch (error) {
    await removeStaging(folders)
    for (const folder of missing) await rmdir(folder).catch(() => undefined)
    throw error
  }
  await migrate(url, appUrl)
  await removeStaging(folders)
  return manifest
}

const removeStaging = (folders: string[]) =>
  Promise.all(
    folders.map((folder) => rm(path.join(folder, STAGING_FOLDER), { recursive: true, force: true })),
  )

/** Copies a file of the backup into the staging folder of its folder: `storage/a` becomes `storage/.restore/new/a`. */
async function stageFile(from: string, { dataDir, file }: { dataDir: string; file: string }) {
  const [folder, ...rest] = file.split('/')
  const to = path.join(dataDir, folder!, STAGING_FOLDER, 'new', ...rest)
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 })
  await cp(from, to)
}

interface ReplaceOptions {
  dir: string
  url: string
  folders: string[]
  manifest: Manifest
}

/** Replaces rows and files in one transaction; reverts the files if it fails. */
async function replaceAll({ dir, url, folders, manifest }: ReplaceOptions) {
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
      for (const folder of folders) await swapEntries(folder, moves)
      await client.query('COMMIT')
    } catch (error) {
      for (const { from, to } of moves.toReversed()) await rename(to, from)
      throw error
    }
  } finally {
    await client.end()
  }
}

interface Move {
  from: string
  to: string
}

/** Exchanges the entries of a folder for the staged ones. Adds each completed move to `moves`, to be reverted if needed. */
async function swapEntries(folder: string, moves: Move[]) {
  const staging = path.join(folder, STAGING_FOLDER)
  const moveEntries = async (source: string, target: string) => {
    await mkdir(target, { recursive: true, mode: 0o700 })
    for (const name of await readdir(source)) {
      if (name === STAGING_FOLDER) continue
      const move = { from: path.join(source, name), to: path.join(target, name) }
      await rename(move.from, move.to)
      moves.push(move)
    }
  }
  if (existsSync(folder)) await moveEntries(folder, path.join(staging, 'old'))
  if (existsSync(path.join(staging, 'new'))) await moveEntries(path.join(staging, 'new'), folder)
}

/** What the operator must do for the media of a backup. */
function describeMedia(storage: Manifest['storage']) {
  const configured = config().STORAGE
  if (storage === configured)
    return storage === 'local' ? '' : ' Media are not part of it: they are what the bucket holds now.'
  return ` Its media are in the storage ${storage}, but STORAGE=${configured} is set: npm run storage -- copy --from ${storage} --to ${configured}`
}

/** A restore as root would leave files that the service cannot read. */
async function requireOwner(dataDir: string) {
  const owner = await stat(dataDir).catch(() => undefined)
  if (owner && owner.uid !== process.getuid!())
    throw new Error(
      `${dataDir} belongs to user ${owner.uid}. Run restore as that user, such as with sudo --user.`,
    )
}

// `npm run restore -- DIR`; the app must be stopped.
if (import.meta.main)
  await runBackupCommand('restore', async ({ dir, dataDir }) => {
    await requireOwner(dataDir)
    const lock = await lockDataDir(dataDir, { waitMs: 0 })
    if ('heldBy' in lock)
      throw new Error(`Meanwhile is running on ${dataDir} (${lock.heldBy}). Stop it first.`)
    const { DATABASE_URL, DATABASE_MIGRATION_URL } = process.env
    const postgres = DATABASE_URL ? undefined : await startPostgres({ dataDir })
    try {
      const { url, appUrl } = postgres ?? {
        url: DATABASE_MIGRATION_URL || DATABASE_URL!,
        appUrl: DATABASE_URL,
      }
      const { createdAt, storage } = await restore({ dir, url, appUrl, dataDir })
      return `Restored the backup of ${createdAt}.${describeMedia(storage)}`
    } finally {
      await postgres?.stop()
    }
  })

import { copyFile, mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { config } from '@/lib/config/config'
import { readDatabaseUrl } from '../database-url'
import { exportTable, listTables } from './database-copy'
import { type BackupOptions, describeFile, type Manifest, writeManifest } from './manifest'
import { runBackupCommand } from './run-backup-command'

/**
 * Folders of DATA_DIR included in a backup: finished files, unless they are in a bucket, and the secrets that encrypt rows
 * and sign sessions.
 */
export const backupFolders = (storage: Manifest['storage']) =>
  storage === 'local' ? ['storage', 'secrets'] : ['secrets']

/** Folder inside each of them in which a restore prepares files; an interrupted one leaves it behind. */
export const STAGING_FOLDER = '.restore'

/**
 * Writes a consistent copy of the database and files to `dir`, a new or empty folder. The app may run during the
 * backup: rows are read in one snapshot, and stored files never change. Machine disks, unfinished uploads and files in a
 * bucket are excluded.
 * @throws {Error} if the folder is not empty
 */
export async function backUp({ dir, url, dataDir, storage = 'local' }: BackupOptions): Promise<Manifest> {
  await mkdir(path.join(dir, 'database'), { recursive: true, mode: 0o700 })
  if ((await readdir(dir)).length > 1 || (await readdir(path.join(dir, 'database'))).length > 0)
    throw new Error(`${dir} is not empty. Choose a new folder.`)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const { rows: migrations } = await client.query<{ name: string }>(
      `SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY migration_name`,
    )
    const tables: Manifest['tables'] = []
    for (const table of await listTables(client)) {
      const file = path.join('database', `${table.name}.copy`)
      const rows = await exportTable(client, table, path.join(dir, file))
      tables.push({ ...table, rows, ...(await describeFile(dir, file)) })
    }
    const readVideoIds = async () =>
      (await client.query<{ id: string }>('SELECT id FROM video')).rows.map(({ id }) => id)
    const videoIds = await readVideoIds()
    await client.query('COMMIT')
    const files: Manifest['files'] = []
    for (const file of await copyFolders(dataDir, dir, backupFolders(storage)))
      files.push(await describeFile(dir, file))
    const remaining = new Set(await readVideoIds())
    const manifest: Manifest = {
      format: 1,
      createdAt: new Date().toISOString(),
      migrations: migrations.map(({ name }) => name),
      tables,
      deletedVideoIds: videoIds.filter((id) => !remaining.has(id)),
      files,
      storage,
    }
    await writeManifest(dir, manifest)
    return manifest
  } finally {
    await client.end()
  }
}

/** Copies the folders and returns the paths of all files, relative to `to`. Skips files deleted during the copy. */
async function copyFolders(from: string, to: string, folders: string[]) {
  const copied: string[] = []
  for (const folder of folders) {
    const entries = await readdir(path.join(from, folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    )
    for (const entry of entries) {
      if (!entry.isFile() || entry.name.endsWith('.tmp')) continue
      const source = path.join(entry.parentPath, entry.name)
      const relative = path.relative(from, source)
      if (relative.split(path.sep)[1] === STAGING_FOLDER) continue
      await mkdir(path.dirname(path.join(to, relative)), { recursive: true, mode: 0o700 })
      const isCopied = await copyFile(source, path.join(to, relative)).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT') throw error
          return false
        },
      )
      if (isCopied) copied.push(relative)
    }
  }
  return copied.sort()
}

// `npm run backup -- DIR`
if (import.meta.main)
  await runBackupCommand('backup', async ({ dir, dataDir }) => {
    const url = process.env.DATABASE_URL || readDatabaseUrl(dataDir)
    const storage = config().STORAGE
    const { tables, files } = await backUp({ dir, url, dataDir, storage })
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    const result = `Backed up ${rows} rows and ${files.length} files to ${dir}.`
    return storage === 'local'
      ? result
      : `${result} Media are not included: back up the bucket ${config().S3_BUCKET} with the means of its service.`
  })

import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'
import type { PgBoss } from 'pg-boss'
import { runEvery } from '@/lib/concurrency/run-every'
import type { Db } from '@/lib/database/db'
import { errorCode } from '@/lib/errors'
import { beginImport } from '@/lib/imports/begin-import'
import { importFileTask } from '@/lib/imports/tasks'
import { log } from '@/lib/log'
import { sanitizeFilename } from '@/lib/text/sanitize'

const SCAN_INTERVAL_MS = 5_000
/** A file that is written has changed since the last scan, or within this time. */
const SETTLED_MS = 10_000
/** Names under which programs write files that they rename once these are complete, and hidden files. */
const UNFINISHED_NAME = /^\.|\.(part|partial|crdownload|download|tmp|filepart|!qb)$|~$/i

interface Deps {
  db: Db
  boss: PgBoss
}

export interface WatchOptions {
  dir: string
  /** Email address of the owner of the videos. */
  owner: string
  /** Default: 10 s. */
  settledMs?: number
}

/** Imports files of a folder in a loop. Returns an async stop. */
export function watchFolder(deps: Deps, options: WatchOptions) {
  const scan = createFolderScan(deps, options)
  return runEvery({
    work: scan,
    pauseMs: SCAN_INTERVAL_MS,
    failureMessage: 'could not scan the watched folder',
  })
}

/**
 * Creates a scan of a folder and its subfolders. It enqueues the import of every version of a file, by path, size and time
 * of change, that an earlier scan found too, and which no worker has enqueued before.
 */
export function createFolderScan(deps: Deps, { dir, owner, settledMs = SETTLED_MS }: WatchOptions) {
  let seen = new Set<string>()
  /** Versions that are enqueued, which need no statement. */
  let known: Set<string> | undefined
  return async () => {
    const files = await listFiles(dir)
    known ??= await readEnqueued(deps.db)
    const settled = files.filter(
      (file) =>
        seen.has(describe(file)) && !known!.has(describe(file)) && Date.now() - file.modifiedMs >= settledMs,
    )
    seen = new Set(files.map(describe))
    if (settled.length === 0) return
    const user = await deps.db.user.findUnique({ where: { email: owner.toLowerCase() } })
    if (!user || user.disabledAt) throw new Error(`WATCH_OWNER is no active user: ${owner}`)
    for (const file of settled) {
      try {
        await importOnce(deps, { file, ownerId: user.id })
        known.add(describe(file))
      } catch (error) {
        // A later scan enqueues it and those after it.
        if (errorCode(error) === 'upload.too_many') return
        // The next scan tries again. The other files do not wait for it.
        log.error({ path: file.name, err: error }, 'could not import a file of the watched folder')
      }
    }
  }
}

interface FolderFile {
  /** Relative to the folder. */
  name: string
  sizeBytes: number
  modifiedMs: number
}

const describe = ({ name, sizeBytes, modifiedMs }: FolderFile) => [name, sizeBytes, modifiedMs].join('\n')

const readEnqueued = async (db: Db) =>
  new Set(
    (await db.watchedFile.findMany()).map(({ path: name, sizeBytes, modifiedMs }) =>
      describe({ name, sizeBytes: Number(sizeBytes), modifiedMs: Number(modifiedMs) }),
    ),
  )

/** The regular files of a folder. Links are not followed. @throws {Error} if there is no such folder */
async function listFiles(dir: string): Promise<FolderFile[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const found = entries.map(async (entry) => {
    const file = path.join(entry.parentPath, entry.name)
    const name = path.relative(dir, file)
    if (!entry.isFile() || name.split(path.sep).some((part) => UNFINISHED_NAME.test(part))) return []
    const stats = await lstat(file).catch(() => null)
    if (!stats?.isFile() || stats.size === 0) return []
    return [{ name, sizeBytes: stats.size, modifiedMs: Math.floor(stats.mtimeMs) }]
  })
  return (await Promise.all(found)).flat()
}

/** The row commits together with the import, so that several workers and later scans enqueue it once. */
const importOnce = ({ db, boss }: Deps, { file, ownerId }: { file: FolderFile; ownerId: string }) =>
  db.$transaction(async (tx) => {
    const { name, sizeBytes, modifiedMs } = file
    const { count } = await tx.watchedFile.createMany({
      data: [{ path: name, sizeBytes, modifiedMs }],
      skipDuplicates: true,
    })
    if (count === 0) return
    await beginImport(tx, boss, {
      kind: importFileTask,
      ownerId,
      filename: sanitizeFilename(path.basename(name)) || 'video',
      source: { path: name, totalBytes: sizeBytes, isNamed: true },
    })
    log.info({ path: name, sizeBytes }, 'importing a file of the watched folder')
  })

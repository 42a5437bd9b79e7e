import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Db } from '../database/db'
import type { Storage } from '../storage/storage'
import { VIDEOS_FOLDER, videoKeys } from './keys'

/**
 * Removes folders of videos that have no row: a crash came between storing the file and committing
 * the row, or a worker wrote while the video was deleted. A folder is removed when it was already
 * without a row at the time of the sweep before, named in `suspects`. Returns the suspects of this one.
 */
export async function removeOrphanedVideoFolders(given: {
  db: Db
  storage: Storage
  suspects: ReadonlySet<string>
}) {
  const ids = (await given.storage.list(VIDEOS_FOLDER)).filter((name) => z.uuid().safeParse(name).success)
  const rows = await given.db.$queryRaw<{ id: string }[]>`SELECT id FROM video WHERE id = ANY(${ids}::uuid[])`
  const known = new Set(rows.map(({ id }) => id))
  const orphans = ids.filter((id) => !known.has(id))
  for (const id of orphans) if (given.suspects.has(id)) await given.storage.removeAll(videoKeys(id).folder)
  return new Set(orphans.filter((id) => !given.suspects.has(id)))
}

/** Removes files of uploads that no row knows and nobody wrote to for `idleMs`: a crash cut them off. */
export async function removeOrphanedUploads(given: { db: Db; dir: string; idleMs: number }) {
  for (const name of await readdir(given.dir).catch(() => [])) {
    const file = path.join(given.dir, name)
    const found = await stat(file).catch(() => null)
    if (!found || Date.now() - found.mtimeMs < given.idleMs) continue
    const id = path.parse(name).name
    if (!(await given.db.upload.findFirst({ where: { id, videoId: null } }))) await rm(file, { force: true })
  }
}

import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Db } from '../database/db'

/** Removes files that belong to no unfinished upload and were not written for `idleMs`, left behind by a crash. */
export async function removeOrphanedUploads({ db, dir, idleMs }: { db: Db; dir: string; idleMs: number }) {
  for (const name of await readdir(dir).catch(() => [])) {
    const file = path.join(dir, name)
    const stats = await stat(file).catch(() => null)
    if (!stats || Date.now() - stats.mtimeMs < idleMs) continue
    const id = path.parse(name).name
    if (!(await db.upload.findFirst({ where: { id, videoId: null } }))) await rm(file, { force: true })
  }
}

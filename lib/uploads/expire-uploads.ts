import { rm, stat } from 'node:fs/promises'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Db } from '../database/db'
import { uploadLifetimeMs } from './upload-expiry'
import { uploadDataFiles, uploadInfoFile } from './upload-paths'

/** Deletes expired uploads with their data, except those that still receive data. Returns their number. */
export async function removeExpiredUploads({ db }: { db: Db }) {
  const where = { videoId: null, expiresAt: { lt: new Date(databaseTimeMs()) } }
  const expired = await db.upload.findMany({ where, select: { id: true } })
  const idle = await Promise.all(expired.map(async ({ id }) => ((await isReceivingData(id)) ? [] : [id])))
  let removed = 0
  for (const id of idle.flat()) {
    // It may have been resumed since.
    const { count } = await db.upload.deleteMany({ where: { id, ...where } })
    if (count > 0) await removeUploadFiles(id)
    removed += count
  }
  return removed
}

/** Deletes an unfinished upload with its data. Idempotent. */
export async function removeUpload({ db, id }: { db: Db; id: string }) {
  const { count } = await db.upload.deleteMany({ where: { id, videoId: null } })
  if (count > 0) await removeUploadFiles(id)
}

/** After a crash in between, the sweep of orphaned files removes the remaining ones. */
async function removeUploadFiles(id: string) {
  for (const file of [...uploadDataFiles(id), uploadInfoFile(id)]) await rm(file, { force: true })
}

async function isReceivingData(id: string) {
  const since = Date.now() - uploadLifetimeMs()
  const stats = await Promise.all(uploadDataFiles(id).map((file) => stat(file).catch(() => null)))
  return stats.some((file) => file !== null && file.mtimeMs > since)
}

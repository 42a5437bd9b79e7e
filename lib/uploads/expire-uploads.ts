import { rm, stat } from 'node:fs/promises'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Db } from '../database/db'
import { sourceKey, videoKeys } from '../storage/keys'
import type { Storage } from '../storage/storage'
import { uploadLifetimeMs } from './upload-expiry'
import { uploadDataFile, uploadInfoFile } from './upload-paths'

interface Deps {
  db: Db
  storage: Storage
}

interface UploadFilter {
  id: string
  videoId: null
  expiresAt?: { lt: Date }
}

/** Deletes expired uploads with their data, except those that still receive data. Returns their number. */
export async function removeExpiredUploads({ db, storage }: Deps) {
  const where = { videoId: null, expiresAt: { lt: new Date(databaseTimeMs()) } }
  const expired = await db.upload.findMany({ where, select: { id: true } })
  const idle = await Promise.all(expired.map(async ({ id }) => ((await isReceivingData(id)) ? [] : [id])))
  let removed = 0
  // It may have been resumed since.
  for (const id of idle.flat()) removed += await removeRow({ db, storage }, { id, ...where })
  return removed
}

/** Deletes an unfinished upload with its data. Idempotent. */
export const removeUpload = ({ db, storage, id }: Deps & { id: string }) =>
  removeRow({ db, storage }, { id, videoId: null })

/** Returns 1 if there was such an upload. After a crash in between, the sweep of orphaned files removes its data. */
async function removeRow({ db, storage }: Deps, where: UploadFilter) {
  const upload = await db.upload.findFirst({ where })
  const count = upload ? await deleteRows(db, { ...where, earlyVideoId: upload.earlyVideoId }) : 0
  if (!upload || count === 0) return 0
  const { id, filename, sizeBytes, storageWriteId } = upload
  if (storageWriteId) {
    const write = { id: storageWriteId, key: sourceKey(id, filename), sizeBytes: Number(sizeBytes) }
    await storage.resumable?.abort(write)
  }
  // The file is there if it was stored and not registered.
  await storage.removeAll(videoKeys(id).folder)
  for (const file of [uploadDataFile(id), uploadInfoFile(id)]) await rm(file, { force: true })
  return count
}

/** Deletes an upload with the video that was begun with it, in the order in which workers write these rows. */
const deleteRows = (db: Db, { earlyVideoId, ...upload }: UploadFilter & { earlyVideoId: string | null }) =>
  db.$transaction(async (tx) => {
    if (!earlyVideoId) return (await tx.upload.deleteMany({ where: upload })).count
    const video = { id: earlyVideoId, unfinishedUpload: upload }
    await tx.task.deleteMany({ where: { video } })
    return (await tx.video.deleteMany({ where: video })).count
  })

async function isReceivingData(id: string) {
  const stats = await stat(uploadDataFile(id)).catch(() => null)
  return stats !== null && stats.mtimeMs > Date.now() - uploadLifetimeMs()
}

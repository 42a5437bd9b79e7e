import { stat } from 'node:fs/promises'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Db } from '../database/db'
import type { Storage } from '../storage/storage'
import { uploadLifetimeMs } from './upload-expiry'
import { removeReceivedData } from './remove-received-data'
import { uploadDataFile } from './upload-paths'

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
  await removeReceivedData(storage, upload)
  return count
}

/**
 * Deletes an upload with the video that was begun with it, in the order in which workers write these rows. The video of an
 * import stays, because its task shows why it failed and can be retried.
 */
const deleteRows = (db: Db, { earlyVideoId, ...upload }: UploadFilter & { earlyVideoId: string | null }) =>
  db.$transaction(async (tx) => {
    const isImport = earlyVideoId && (await tx.videoImport.count({ where: { videoId: earlyVideoId } })) > 0
    if (!earlyVideoId || isImport) return (await tx.upload.deleteMany({ where: upload })).count
    const video = { id: earlyVideoId, unfinishedUpload: upload }
    await tx.task.deleteMany({ where: { video } })
    return (await tx.video.deleteMany({ where: video })).count
  })

async function isReceivingData(id: string) {
  const stats = await stat(uploadDataFile(id)).catch(() => null)
  return stats !== null && stats.mtimeMs > Date.now() - uploadLifetimeMs()
}

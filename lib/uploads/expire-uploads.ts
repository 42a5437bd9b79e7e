import { stat } from 'node:fs/promises'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Db, Tx } from '../database/db'
import type { Prisma } from '../generated/prisma/client'
import type { Storage } from '../storage/storage'
import { whereUnfinished } from '../tasks/queries'
import { uploadLifetimeMs } from './upload-expiry'
import { removeReceivedData } from './remove-received-data'
import { uploadDataFile } from './upload-paths'

interface Deps {
  db: Db
  storage: Storage
}

type UploadFilter = Prisma.UploadWhereInput & { id: string; videoId: null }

/** Unless the import of an archive waits or reads it. */
const whereUnused = {
  OR: [
    { archiveImport: null },
    { archiveImport: { taskId: null } },
    { archiveImport: { task: { NOT: whereUnfinished } } },
  ],
} satisfies Prisma.UploadWhereInput

/** Deletes expired uploads with their data, except those that still receive data. Returns their number. */
export async function removeExpiredUploads({ db, storage }: Deps) {
  const where = { videoId: null, expiresAt: { lt: new Date(databaseTimeMs()) }, ...whereUnused }
  const expired = await db.upload.findMany({ where, select: { id: true } })
  const idle = await Promise.all(expired.map(async ({ id }) => ((await isReceivingData(id)) ? [] : [id])))
  let removed = 0
  // It may have been resumed since.
  for (const id of idle.flat()) removed += (await removeRow({ db, storage }, { id, ...where })) ? 1 : 0
  return removed
}

/** Deletes an unfinished upload with its data. Idempotent. */
export const removeUpload = ({ db, storage, id }: Deps & { id: string }) =>
  removeRow({ db, storage }, { id, videoId: null })

/** Returns whether there was such an upload. After a crash in between, the sweep of orphaned files removes its data. */
async function removeRow({ db, storage }: Deps, where: UploadFilter) {
  const upload = await db.$transaction((tx) => deleteRows(tx, where))
  if (upload) await removeReceivedData(storage, upload)
  return upload !== null
}

/** Deletes the row of an unfinished upload, whose data the caller removes. Returns the row; null if there is none. */
export const deleteUploadIn = (tx: Tx, id: string) => deleteRows(tx, { id, videoId: null })

/**
 * Deletes an upload with the video that was begun with it, in the order in which workers write these rows. The video of an
 * import stays, because its task shows why it failed and can be retried.
 */
async function deleteRows(tx: Tx, where: UploadFilter) {
  const upload = await tx.upload.findFirst({ where })
  if (!upload) return null
  const videoId = upload.earlyVideoId
  const isImport = videoId && (await tx.videoImport.count({ where: { videoId } })) > 0
  if (!videoId || isImport) return (await tx.upload.deleteMany({ where })).count > 0 ? upload : null
  const video = { id: videoId, unfinishedUpload: where }
  await tx.task.deleteMany({ where: { video } })
  return (await tx.video.deleteMany({ where: video })).count > 0 ? upload : null
}

async function isReceivingData(id: string) {
  const stats = await stat(uploadDataFile(id)).catch(() => null)
  return stats !== null && stats.mtimeMs > Date.now() - uploadLifetimeMs()
}

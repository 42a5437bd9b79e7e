import { rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { config } from '../config/config'
import type { Db } from '../database/db'
import { uploadLifetimeMs } from './upload-expiry'

/** Where uploads lie until they are whole. */
export const uploadsDir = () => path.join(config().DATA_DIR, 'uploads')

/** Where the bytes of an upload lie: sent by tus, or as the body of one request. */
export const uploadDataFiles = (id: string) =>
  [id, uploadPartName(id)].map((name) => path.join(uploadsDir(), name))
/** What tus notes of it. */
export const uploadInfoFile = (id: string) => path.join(uploadsDir(), `${id}.json`)
export const uploadPartName = (id: string) => `${id}.part`

/** Removes uploads that nobody continued in time, and their bytes. One request may send for longer than that. */
export async function removeExpiredUploads({ db }: { db: Db }) {
  const where = { videoId: null, expiresAt: { lt: new Date() } }
  const expired = await db.upload.findMany({ where, select: { id: true } })
  const idle = await Promise.all(expired.map(async ({ id }) => ((await isReceivingData(id)) ? [] : [id])))
  let removed = 0
  for (const id of idle.flat()) {
    // It may be continued just now.
    const { count } = await db.upload.deleteMany({ where: { id, ...where } })
    if (count > 0) await removeUploadFiles(id)
    removed += count
  }
  return removed
}

/** Removes an upload that will not become a video: its row and its bytes. */
export async function removeUpload({ db, id }: { db: Db; id: string }) {
  const { count } = await db.upload.deleteMany({ where: { id, videoId: null } })
  if (count > 0) await removeUploadFiles(id)
}

/** Should a crash leave some, they are swept as files without a row. */
async function removeUploadFiles(id: string) {
  for (const file of [...uploadDataFiles(id), uploadInfoFile(id)]) await rm(file, { force: true })
}

async function isReceivingData(id: string) {
  const since = Date.now() - uploadLifetimeMs()
  const found = await Promise.all(uploadDataFiles(id).map((file) => stat(file).catch(() => null)))
  return found.some((file) => file !== null && file.mtimeMs > since)
}

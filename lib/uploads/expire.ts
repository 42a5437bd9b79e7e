import { rm } from 'node:fs/promises'
import path from 'node:path'
import { config } from '../config'
import type { Db } from '../db'

/** Where uploads lie until they are whole. */
export const uploadsDir = () => path.join(config().DATA_DIR, 'uploads')

/** Where the bytes of an upload lie: sent by tus, or as the body of one request. */
export const filesOf = (id: string) => [id, partOf(id)].map((name) => path.join(uploadsDir(), name))
export const partOf = (id: string) => `${id}.part`

/** Removes uploads that nobody continued in time, and their bytes. */
export async function removeExpiredUploads({ db }: { db: Db }) {
  const expired = await db.upload.findMany({ where: { videoId: null, expiresAt: { lt: new Date() } } })
  for (const { id } of expired) await removeUpload({ db, id })
  return expired.length
}

/** Removes an upload that will not become a video: its bytes and its row. */
export async function removeUpload({ db, id }: { db: Db; id: string }) {
  for (const file of [id, `${id}.json`]) await rm(path.join(uploadsDir(), file), { force: true })
  await db.upload.deleteMany({ where: { id, videoId: null } })
}

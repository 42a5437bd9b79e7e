import type { Db } from '../database/db'
import type { Storage } from '../storage/storage'
import { videoKeys } from '../storage/keys'

const BATCH_SIZE = 500

/**
 * Counts the images and downloads that were stored before their sizes were recorded, for the storage quota. Returns the
 * number of counted rows.
 */
export async function countStoredFiles({ db, storage }: { db: Db; storage: Storage }) {
  const renditions = await db.rendition.findMany({
    where: { downloadKey: { not: null }, downloadBytes: null },
    select: { id: true, downloadKey: true },
    take: BATCH_SIZE,
  })
  for (const { id, downloadKey } of renditions) {
    const downloadBytes = (await storage.stat(downloadKey!))?.sizeBytes ?? 0
    await db.rendition.updateMany({ where: { id, downloadKey }, data: { downloadBytes } })
  }
  const videos = await db.video.findMany({
    where: { posterKey: { not: null }, imageBytes: null },
    select: { id: true },
    take: BATCH_SIZE,
  })
  for (const { id } of videos) {
    const imageBytes = await sumImageBytes(storage, id)
    await db.video.updateMany({ where: { id, imageBytes: null }, data: { imageBytes } })
  }
  return renditions.length + videos.length
}

/** The size of the stored posters and storyboard of a video, in bytes. */
export async function sumImageBytes(storage: Storage, videoId: string) {
  const { poster, posters, storyboard, storyboardFile } = videoKeys(videoId)
  const files = [
    poster,
    ...(await storage.list(posters)).map((file) => `${posters}/${file}`),
    ...(await storage.list(storyboard)).map(storyboardFile),
  ]
  const stats = await Promise.all(files.map((key) => storage.stat(key)))
  return stats.reduce((sum, file) => sum + (file?.sizeBytes ?? 0), 0)
}

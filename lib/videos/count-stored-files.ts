import type { Db } from '../database/db'
import type { Video } from '../generated/prisma/client'
import type { Storage } from '../storage/storage'
import { currentKeys, thumbnailKey } from '../storage/keys'

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
    select: { id: true, filesId: true },
    take: BATCH_SIZE,
  })
  for (const video of videos) {
    const imageBytes = await sumImageBytes(storage, video)
    await db.video.updateMany({ where: { ...video, imageBytes: null }, data: { imageBytes } })
  }
  return renditions.length + videos.length
}

/** The size of the stored posters and storyboard of a video, in bytes. */
export async function sumImageBytes(storage: Storage, video: Pick<Video, 'id' | 'filesId'>) {
  const { poster, posters, storyboard, storyboardFile } = currentKeys(video)
  const files = [
    poster,
    thumbnailKey(poster),
    ...(await storage.list(posters)).map((file) => `${posters}/${file}`),
    ...(await storage.list(storyboard)).map(storyboardFile),
  ]
  const stats = await Promise.all(files.map((key) => storage.stat(key)))
  return stats.reduce((sum, file) => sum + (file?.sizeBytes ?? 0), 0)
}

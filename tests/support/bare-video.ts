import { randomUUID } from 'node:crypto'
import type { Db } from '@/lib/database/db'

/** Creates the row of a video without files. Returns its id. */
export async function createBareVideo(db: Db, ownerId: string) {
  const id = randomUUID()
  await db.video.create({
    data: {
      id,
      ownerId,
      title: 'a',
      filename: 'a.mp4',
      sizeBytes: 1,
      sha256: 'a',
      sourceKey: `videos/${id}/source.mp4`,
    },
  })
  return id
}

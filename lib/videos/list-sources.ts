import path from 'node:path'
import type { Db } from '../database/db'
import { notFound } from '../errors'

export interface SourceFile {
  /** Unique among the files. */
  name: string
  key: string
  sizeBytes: number
  uploadedAt: Date
}

/** The uploaded files of videos, without those that are still uploaded. @throws {AppError} video.not_found if there is none */
export async function listSources(
  db: Db,
  { ownerId, ids }: { ownerId: string; ids: string[] },
): Promise<SourceFile[]> {
  const videos = await db.video.findMany({
    where: { id: { in: ids }, ownerId, deletedAt: null, sha256: { not: null } },
    orderBy: { id: 'asc' },
    select: { filename: true, sourceKey: true, sizeBytes: true, createdAt: true },
  })
  if (videos.length === 0) throw notFound('video')
  const used = new Set<string>()
  return videos.map((video) => ({
    name: uniqueName(video.filename, used),
    key: video.sourceKey,
    sizeBytes: Number(video.sizeBytes),
    uploadedAt: video.createdAt,
  }))
}

/** "film.mp4", and for further files of that name "film (2).mp4". Adds it to `used`, where case does not count. */
function uniqueName(filename: string, used: Set<string>) {
  const { name, ext } = path.parse(filename.replace(/^\.+/, '') || 'video')
  let unique = name + ext
  for (let number = 2; used.has(unique.toLowerCase()); number++) unique = `${name} (${number})${ext}`
  used.add(unique.toLowerCase())
  return unique
}

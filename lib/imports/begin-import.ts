import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import type { Tx } from '../database/db'
import type { Prisma } from '../generated/prisma/client'
import { sourceKey } from '../storage/keys'
import { enqueueTask } from '../tasks/enqueue'
import { reserveUploadIn } from '../uploads/reserve-upload'
import { uploadExpiry } from '../uploads/upload-expiry'
import { nameVideo } from '../videos/name-video'
import type { importFileTask, importSampleTask, importUrlTask } from './tasks'

interface Options {
  kind: typeof importUrlTask | typeof importFileTask | typeof importSampleTask
  ownerId: string
  filename: string
  language?: string
  source: Omit<Prisma.VideoImportUncheckedCreateInput, 'videoId' | 'ownerId' | 'taskId'>
}

/**
 * Creates the video of a file that a worker is to fetch, an empty upload that counts toward the user's open ones, and the
 * task. Returns the ids of the video and the task.
 * @throws {AppError} upload.too_many
 */
export async function beginImport(
  tx: Tx,
  boss: PgBoss,
  { kind, ownerId, filename, language, source }: Options,
) {
  const id = randomUUID()
  await tx.video.create({
    data: { id, ownerId, ...nameVideo(filename), sizeBytes: 0, sourceKey: sourceKey(id, filename) },
  })
  const upload = { id, ownerId, filename, language, earlyVideoId: id }
  await reserveUploadIn(tx, { ...upload, sizeBytes: 0, expiresAt: uploadExpiry() })
  const task = await enqueueTask(tx, boss, { kind, ownerId, subjectId: id, payload: { videoId: id } })
  await tx.videoImport.create({ data: { ...source, language, videoId: id, ownerId, taskId: task.id } })
  return { videoId: id, taskId: task.id }
}

import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { PgBoss } from 'pg-boss'
import { captionVideoTask } from '../captions/tasks'
import { config } from '../config/config'
import type { Db } from '../database/db'
import type { Storage } from '../storage/storage'
import { sanitizeFilename } from '../text/sanitize'
import { enqueueTask } from '../tasks/enqueue'
import { videoKeys } from '../storage/keys'
import { generateThumbnailsTask, inspectVideoTask, packageVideoTask, transcodeVideoTask } from './tasks'

/**
 * Stores an uploaded file and creates, in one transaction, the video, its tasks and the first job. Returns the ids of
 * the video and its transcode. Removes the file only on success, so that a failed call can be repeated.
 */
export async function registerVideo(
  { db, boss, storage }: { db: Db; boss: PgBoss; storage: Storage },
  file: {
    ownerId: string
    path: string
    filename: string
    sizeBytes: number
    sha256: string
    uploadId?: string
    /** The spoken language (BCP 47). Default: detected. */
    language?: string
  },
) {
  const id = randomUUID()
  const sourceKey = videoKeys(id).source(safeExtension(file.filename))
  await storage.copyIn(sourceKey, file.path)
  const registered = await db.$transaction(async (tx) => {
    const { ownerId, sizeBytes, sha256 } = file
    const filename = sanitizeFilename(file.filename) || 'video'
    const { name } = path.parse(filename)
    const title = name.replaceAll(/[_\s]+/g, ' ').trim() || 'video'
    await tx.video.create({ data: { id, ownerId, title, filename, sizeBytes, sha256, sourceKey } })
    const common = { ownerId, subjectId: id, payload: { videoId: id } }
    const inspection = await enqueueTask(tx, boss, { kind: inspectVideoTask, ...common })
    const transcode = await enqueueTask(tx, boss, {
      kind: transcodeVideoTask,
      ...common,
      parentId: inspection.id,
    })
    await enqueueTask(tx, boss, { kind: generateThumbnailsTask, ...common, parentId: inspection.id })
    await enqueueTask(tx, boss, { kind: packageVideoTask, ...common, parentId: transcode.id })
    const { language } = file
    if (config().CAPTIONS !== 'none')
      await enqueueTask(tx, boss, {
        kind: captionVideoTask,
        ...common,
        payload: { videoId: id, language, translate: false },
        parentId: inspection.id,
      })
    if (file.uploadId)
      await tx.upload.update({ where: { id: file.uploadId }, data: { videoId: id, taskId: transcode.id } })
    return { videoId: id, taskId: transcode.id }
  })
  // After a crash before this line, the sweep of orphaned files removes the upload.
  await rm(file.path, { force: true })
  return registered
}

const safeExtension = (filename: string) => /\.[a-z0-9]{1,5}$/i.exec(filename)?.[0].toLowerCase() ?? ''

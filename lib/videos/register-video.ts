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
import { videoKeys } from './keys'
import { generateThumbnailsTask, inspectVideoTask, packageVideoTask, transcodeVideoTask } from './tasks'

/**
 * Takes over a file that has arrived: stores it and writes, in one transaction, the video, its tasks
 * and the first job. Returns the task that makes it watchable. The file is gone then; after an error it is still there.
 */
export async function registerVideo(
  given: { db: Db; boss: PgBoss; storage: Storage },
  file: {
    ownerId: string
    path: string
    filename: string
    sizeBytes: number
    sha256: string
    uploadId?: string
    /** What is spoken in it (BCP 47), where the sender said so. */
    language?: string
  },
) {
  const id = randomUUID()
  const sourceKey = videoKeys(id).source(safeExtension(file.filename))
  await given.storage.copyIn(sourceKey, file.path)
  const registered = await given.db.$transaction(async (tx) => {
    const { ownerId, sizeBytes, sha256 } = file
    const filename = sanitizeFilename(file.filename) || 'video'
    const { name } = path.parse(filename)
    const title = name.replaceAll(/[_\s]+/g, ' ').trim() || 'video'
    await tx.video.create({ data: { id, ownerId, title, filename, sizeBytes, sha256, sourceKey } })
    const common = { ownerId, subjectId: id, payload: { videoId: id } }
    const inspected = await enqueueTask(tx, given.boss, { kind: inspectVideoTask, ...common })
    const transcoded = await enqueueTask(tx, given.boss, {
      kind: transcodeVideoTask,
      ...common,
      parentId: inspected.id,
    })
    await enqueueTask(tx, given.boss, { kind: generateThumbnailsTask, ...common, parentId: inspected.id })
    await enqueueTask(tx, given.boss, { kind: packageVideoTask, ...common, parentId: transcoded.id })
    const { language } = file
    if (config().CAPTIONS !== 'none')
      await enqueueTask(tx, given.boss, {
        kind: captionVideoTask,
        ...common,
        payload: { videoId: id, language, translate: false },
        parentId: inspected.id,
      })
    if (file.uploadId)
      await tx.upload.update({ where: { id: file.uploadId }, data: { videoId: id, taskId: transcoded.id } })
    return { videoId: id, taskId: transcoded.id }
  })
  // Until now it could be tried again; a folder that got no row is swept.
  await rm(file.path, { force: true })
  return registered
}

const safeExtension = (filename: string) => /\.[a-z0-9]{1,5}$/i.exec(filename)?.[0].toLowerCase() ?? ''

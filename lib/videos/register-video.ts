import type { PgBoss } from 'pg-boss'
import { captionVideoTask } from '../captions/tasks'
import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { sourceKey } from '../storage/keys'
import { cancelIfUnfinished } from '../tasks/commands'
import { enqueueTask } from '../tasks/enqueue'
import { endEarlyLooks } from './begin-early-look'
import { findDuplicate } from './duplicates'
import { nameVideo } from './name-video'
import { prepareReplacement } from './replace-file'
import {
  compressVideoTask,
  generateThumbnailsTask,
  inspectVideoTask,
  packageVideoTask,
  replaceFileTask,
  transcodeVideoTask,
  verifyVideoTask,
} from './tasks'

interface StoredFile {
  /** Of the video. */
  id: string
  ownerId: string
  filename: string
  sizeBytes: number
  sha256: string
  /** Its upload, which then names the video. */
  uploadId?: string
  /** The video whose file it replaces once it is transcoded, if that exists then. */
  replacesId?: string | null
  /** The spoken language (BCP 47). Default: detected. */
  language?: string
}

/**
 * Creates, in one transaction, the video of a file that is stored at its `sourceKey`, its tasks and the first job. A video
 * that was begun while the file was uploaded is completed; if it is in the trash, its tasks wait for it there. Returns
 * the ids of the video, or of the one whose file it replaces, and of the transcode.
 */
export const registerVideo = ({ db, boss }: { db: Db; boss: PgBoss }, file: StoredFile) =>
  db.$transaction((tx) => registerVideoIn(tx, boss, file))

/** As `registerVideo`, in a transaction. */
export async function registerVideoIn(tx: Tx, boss: PgBoss, file: StoredFile) {
  const { id, ownerId, sizeBytes, sha256, language } = file
  const { filename, title } = nameVideo(file.filename)
  const replaced = file.replacesId
    ? await prepareReplacement(tx, boss, { ...file, id: file.replacesId })
    : null
  const replacesId = replaced?.id
  const duplicateOfId = await findDuplicate(tx, { id, ownerId, sha256, replacesId })
  await endEarlyLooks(tx, boss, { id, ownerId })
  const stored = { filename, sizeBytes, sha256, duplicateOfId, sourceKey: sourceKey(id, file.filename) }
  const begun = await tx.video.updateMany({ where: { id, ownerId, sha256: null }, data: stored })
  if (begun.count === 0)
    await tx.video.create({ data: { id, ownerId, title: replaced?.title ?? title, replacesId, ...stored } })
  const common = { ownerId, subjectId: id, payload: { videoId: id } }
  const inspection = await enqueueTask(tx, boss, { kind: inspectVideoTask, ...common })
  const transcode = await enqueueTask(tx, boss, {
    kind: transcodeVideoTask,
    ...common,
    parentId: inspection.id,
  })
  await enqueueTask(tx, boss, { kind: generateThumbnailsTask, ...common, parentId: inspection.id })
  await enqueueTask(tx, boss, { kind: packageVideoTask, ...common, parentId: transcode.id })
  await enqueueTask(tx, boss, { kind: verifyVideoTask, ...common, parentId: transcode.id })
  for (const codec of config().EXTRA_CODECS)
    await enqueueTask(tx, boss, {
      kind: compressVideoTask,
      ...common,
      payload: { videoId: id, codec },
      parentId: transcode.id,
    })
  if (config().CAPTIONS !== 'none')
    await enqueueTask(tx, boss, {
      kind: captionVideoTask,
      ...common,
      payload: { videoId: id, language, translate: false },
      parentId: inspection.id,
    })
  if (replaced)
    await enqueueTask(tx, boss, {
      kind: replaceFileTask,
      ownerId,
      subjectId: replaced.id,
      payload: { videoId: replaced.id, replacementId: id },
      parentId: transcode.id,
    })
  if ((await tx.video.count({ where: { id, deletedAt: { not: null } } })) > 0)
    await cancelIfUnfinished(tx, { boss, taskId: inspection.id, ownerId })
  if (file.uploadId)
    await tx.upload.update({
      where: { id: file.uploadId },
      data: { videoId: id, taskId: transcode.id, earlyVideoId: null },
    })
  return { videoId: replaced?.id ?? id, taskId: transcode.id }
}

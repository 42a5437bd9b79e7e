import { PermanentError } from '@/lib/errors'
import type { Upload, VideoImport } from '@/lib/generated/prisma/client'
import { reserveUploadIn } from '@/lib/uploads/reserve-upload'
import { uploadExpiry } from '@/lib/uploads/upload-expiry'
import * as messages from '@/lib/generated/messages/import-errors'
import type { TaskRun } from '../runtime/handler'

export type ImportRun = TaskRun<{ videoId: string }>

/** An import with the upload that receives its data. */
export type Import = VideoImport & { upload: Upload }

/**
 * Loads the import of a task. Begins a new upload if the earlier one expired or was canceled.
 * @throws {PermanentError} video.deleted. @throws {AppError} upload.too_many
 */
export const loadImport = ({ payload: { videoId }, write }: ImportRun): Promise<Import> =>
  write(async (tx) => {
    const row = await tx.videoImport.findUnique({
      where: { videoId },
      include: { video: { select: { filename: true, sha256: true } } },
    })
    if (!row) throw new PermanentError({ code: 'video.deleted', message: messages.videoDeleted() })
    const { video, ...found } = row
    const where = { id: videoId }
    if (!(await tx.upload.count({ where })))
      await reserveUploadIn(tx, {
        id: videoId,
        ownerId: found.ownerId,
        filename: video.filename,
        language: found.language,
        earlyVideoId: videoId,
        sizeBytes: 0,
        expiresAt: uploadExpiry(),
      })
    return { ...found, upload: await tx.upload.findUniqueOrThrow({ where }) }
  })

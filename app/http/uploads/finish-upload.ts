import { db } from '@/lib/database/db'
import { errorCode, notFound } from '@/lib/errors'
import { log } from '@/lib/log'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { boss } from '@/lib/tasks/boss'
import { removeUpload } from '@/lib/uploads/expire-uploads'
import { notImported } from '@/lib/uploads/not-imported'
import { withUploadLock } from '@/lib/uploads/upload-lock'
import { registerVideo } from '@/lib/videos/register-video'
import { reportRefusal } from './report-refusal'
import type { UploadRow, UploadStore } from './upload-store'

/**
 * Registers a complete upload as a video, of the same id. Idempotent: repeated or concurrent calls, in all web processes,
 * return the same video. An archive is stored only: its owner imports it with its passphrase.
 */
export const finishUpload = (store: UploadStore, id: string) =>
  withUploadLock(db(), id, async () => {
    const upload = await db().upload.findUnique({ where: { id } })
    if (!upload) throw notFound('upload')
    const { videoId, taskId, ownerId, filename, language } = upload
    if (videoId && taskId) return { videoId: upload.replacesId ?? videoId, taskId }
    if (upload.isArchive) return storeArchive(store, upload)
    const sha256 = await store.storeSource(upload)
    const registered = await registerVideo(
      { db: db(), boss: await boss() },
      {
        id,
        ownerId,
        filename,
        sizeBytes: Number(upload.sizeBytes),
        sha256,
        uploadId: id,
        replacesId: upload.replacesId,
        language: language ?? undefined,
      },
    ).catch((error: unknown) => removeIfRefused(upload, error))
    await store.removeReceived(id)
    return registered
  })

/** Removes an upload that will never be registered, leaves a trace of it, and throws the error. */
async function removeIfRefused(upload: UploadRow & { ownerId: string }, error: unknown): Promise<never> {
  if (errorCode(error) === 'upload.same_file') {
    await removeUpload({ db: db(), storage: await configuredStorage(), id: upload.id })
    await reportRefusal(upload, error)
  }
  throw error
}

async function storeArchive(store: UploadStore, upload: UploadRow) {
  if (!upload.isStored) {
    await store.storeSource(upload)
    await db().upload.update({ where: { id: upload.id }, data: { isStored: true } })
    await store.removeReceived(upload.id)
  }
  return { archiveUploadId: upload.id }
}

/** Registers an upload whose bytes are complete but which is no video yet. Waits for a registration in progress. */
export async function finishIfComplete(store: UploadStore, upload: UploadRow) {
  if (!upload.videoId && !upload.isStored && (await store.hasAllBytes(upload)))
    await finishUpload(store, upload.id)
}

/** Registers uploads that were completed before this process started; their clients may be gone. */
export async function finishCompletedUploads(store: UploadStore) {
  const unregistered = await db().upload.findMany({ where: { videoId: null, ...notImported } })
  for (const upload of unregistered)
    await finishIfComplete(store, upload).catch((error: unknown) =>
      log.warn({ err: error, uploadId: upload.id }, 'could not finish an upload'),
    )
}

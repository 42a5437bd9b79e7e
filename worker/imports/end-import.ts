import { PermanentError } from '@/lib/errors'
import { removeUpload } from '@/lib/uploads/expire-uploads'
import { removeReceivedData } from '@/lib/uploads/remove-received-data'
import { registerVideoIn } from '@/lib/videos/register-video'
import { removeFilesIfDeleted } from '../media/load-video'
import type { TaskOutcome } from '../runtime/handler'
import { toImportError } from './errors'
import type { ImportRun } from './load-import'
import { removeOwnUpload } from './remove-own-upload'
import type { StoredFile } from './url-download'

/**
 * Stores a file with `receive` and registers it as an uploaded one. An error that no retry can resume from removes what has
 * arrived; it then counts no longer toward the storage of the user.
 */
export async function endImport(run: ImportRun, receive: () => Promise<StoredFile>): Promise<TaskOutcome> {
  const { boss } = run.context
  const { videoId } = run.payload
  try {
    const { filename, sizeBytes, sha256 } = await receive()
    return {
      result: { sizeBytes },
      async store(tx) {
        const upload = await tx.upload.update({ where: { id: videoId }, data: { sizeBytes } })
        const { ownerId, language } = upload
        await registerVideoIn(tx, boss, {
          id: videoId,
          ownerId,
          filename,
          sizeBytes,
          sha256,
          uploadId: videoId,
          language: language ?? undefined,
        })
      },
    }
  } catch (thrown) {
    run.signal.throwIfAborted()
    const error = toImportError(thrown)
    if (error instanceof PermanentError) await removeOwnUpload(run, videoId)
    throw error
  }
}

/** Removes what has arrived for a task that was canceled, or whose video was deleted. */
export async function discardImport(run: Pick<ImportRun, 'taskId' | 'payload' | 'context'>) {
  const { db, storage } = run.context
  const id = run.payload.videoId
  await removeUpload({ db, storage, id })
  if (await removeFilesIfDeleted(run))
    await removeReceivedData(storage, { id, filename: '', sizeBytes: 0n, storageWriteId: null })
}

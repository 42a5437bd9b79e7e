import { decryptSecret } from '@/lib/accounts/encrypt-secret'
import { importArchiveTask } from '@/lib/archives/tasks'
import { PermanentError } from '@/lib/errors'
import { sourceKey } from '@/lib/storage/keys'
import { removeUpload } from '@/lib/uploads/expire-uploads'
import { uploadExpiry } from '@/lib/uploads/upload-expiry'
import * as taskMessages from '@/lib/generated/messages/archive-tasks'
import * as messages from '@/lib/generated/messages/archive-errors'
import { toImportError } from '../imports/errors'
import type { TaskHandler, TaskRun } from '../runtime/handler'
import { type ArchiveSecret, openArchive } from './open-archive'
import { readVideos } from './read-videos'
import { createSkipReport } from './skip-report'
import { storeArchivedVideo } from './store-archived-video'

type Run = TaskRun<{ importId: string }>

/**
 * Imports the videos of an archive, each with its captions, in the order of the archive. A later run reads the archive again
 * and skips the videos that exist. The uploaded archive is removed once it is imported; after a failure its owner decides.
 */
export const importArchive: TaskHandler<typeof importArchiveTask> = {
  kind: importArchiveTask,
  async run(run) {
    const { db, storage } = run.context
    const { importId } = run.payload
    const skipped = createSkipReport(run)
    const done = await db.archiveImport.findUnique({ where: { id: importId } })
    // An earlier run was interrupted after its last video.
    if (typeof done?.videoCount === 'number') return completeImport(run, done.videoCount)
    const { upload, secret, ownerId } = await loadArchive(run)
    const data = await storage.read(sourceKey(upload.id, upload.filename), { signal: run.signal })
    let videos = 0
    try {
      const entries = openArchive(countBytes(run, data, Number(upload.sizeBytes)), secret)
      for await (const video of readVideos(entries, skipped)) {
        await storeArchivedVideo(run, { ownerId, importId, video, skipped })
        videos++
      }
    } catch (thrown) {
      run.signal.throwIfAborted()
      throw describeProgress(toImportError(thrown), videos)
    } finally {
      data.destroy()
    }
    await run.write((tx) =>
      tx.archiveImport.update({ where: { id: importId }, data: { videoCount: videos } }),
    )
    return completeImport(run, videos, skipped.counts)
  },

  async discard({ payload, context: { db, storage } }) {
    const row = await db.archiveImport.findUnique({ where: { id: payload.importId } })
    if (row?.currentUploadId) await removeUpload({ db, storage, id: row.currentUploadId })
  },
}

/** Removes the uploaded archive. */
async function completeImport({ payload, context: { db, storage } }: Run, videos: number, skipped = {}) {
  const row = await db.archiveImport.findUnique({ where: { id: payload.importId } })
  if (row?.uploadId) await removeUpload({ db, storage, id: row.uploadId })
  return { result: { videos, ...skipped } }
}

/** @throws {PermanentError} archive.import_superseded, .upload_missing or .secret_removed */
async function loadArchive({ taskId, payload, write }: Run) {
  const row = await write(async (tx) => {
    const found = await tx.archiveImport.findUnique({ where: { id: payload.importId } })
    if (found && found.taskId !== taskId) throw supersededError()
    const { count } = await tx.upload.updateMany({
      where: { id: found?.uploadId ?? '', videoId: null },
      data: { expiresAt: uploadExpiry() },
    })
    const upload = count > 0 ? await tx.upload.findUnique({ where: { id: found!.uploadId! } }) : null
    return found && upload && { ...found, upload }
  })
  if (!row)
    throw new PermanentError({
      code: 'archive.upload_missing',
      message: messages.uploadRemoved(),
      advice: messages.uploadAgain(),
    })
  if (!row.secret)
    throw new PermanentError({
      code: 'archive.secret_removed',
      message: messages.passphraseRemoved(),
      advice: messages.importAgain(),
    })
  return { ...row, secret: JSON.parse(await decryptSecret(row.secret)) as ArchiveSecret }
}

async function* countBytes({ report }: Run, data: AsyncIterable<Buffer>, totalBytes: number) {
  let receivedBytes = 0
  for await (const chunk of data) {
    receivedBytes += chunk.length
    const progress = receivedBytes / totalBytes
    report({ stage: taskMessages.decrypting(), progress, detail: { receivedBytes, totalBytes } })
    yield chunk
  }
}

/** Two tasks would write to the same places. */
const supersededError = () =>
  new PermanentError({
    code: 'archive.import_superseded',
    message: messages.superseded(),
    advice: messages.followNewer(),
  })

/** Adds to a permanent error how many videos were imported before. */
function describeProgress(error: unknown, videos: number) {
  if (!(error instanceof PermanentError) || videos === 0) return error
  const { code, message, advice, cause } = error
  return new PermanentError({
    code,
    message: messages.failedAfter({ message, count: videos }),
    advice,
    cause,
  })
}

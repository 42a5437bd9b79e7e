import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { PermanentError } from '@/lib/errors'
import { importFileTask } from '@/lib/imports/tasks'
import { sourceKey } from '@/lib/storage/keys'
import { resizeReservation } from '@/lib/uploads/reserve-upload'
import { trackReceivedBytes } from '@/lib/uploads/track-received-bytes'
import { createChecksum } from '@/lib/uploads/upload-checksum'
import { createUploadStream } from '@/lib/uploads/upload-stream'
import * as taskMessages from '@/lib/generated/messages/import-tasks'
import * as messages from '@/lib/generated/messages/import-errors'
import type { TaskHandler } from '../runtime/handler'
import { discardImport, endImport } from './end-import'
import { type ImportRun, loadImport } from './load-import'
import type { StoredFile } from './url-download'

/** Copies a file of the watched folder, which stays there. A later run begins again. */
export const importFile: TaskHandler<typeof importFileTask> = {
  kind: importFileTask,
  run: (run) => endImport(run, () => copyFile(run)),
  discard: discardImport,
}

async function copyFile(run: ImportRun): Promise<StoredFile> {
  const { videoId, ownerId, path: name, totalBytes, upload } = await loadImport(run)
  const { config, storage, db } = run.context
  const { filename } = upload
  // Links are not followed: they may lead out of the folder.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW
  const file = await locate(config.WATCH_DIR ?? '', name!)
    .then((at) => open(at, flags))
    .catch((cause: unknown) => {
      throw fileChanged(cause)
    })
  try {
    const before = await file.stat()
    const sizeBytes = before.size
    if (!before.isFile() || sizeBytes !== Number(totalBytes)) throw fileChanged()
    await run.write(async (tx) => {
      await resizeReservation(tx, { id: videoId, ownerId, sizeBytes })
      await tx.video.update({ where: { id: videoId }, data: { sizeBytes } })
    })
    const checksum = createChecksum()
    const report = async function* (data: AsyncIterable<Buffer>) {
      for await (const chunk of data) {
        const receivedBytes = checksum.sizeBytes
        const progress = receivedBytes / sizeBytes
        run.report({
          stage: taskMessages.copying(),
          progress,
          detail: { receivedBytes, totalBytes: sizeBytes },
        })
        yield chunk
      }
    }
    const stopTracking = trackReceivedBytes(db, videoId, () => checksum.sizeBytes)
    await pipeline(
      file.createReadStream({ autoClose: false }),
      createUploadStream(checksum),
      (data: AsyncIterable<Buffer>) =>
        storage.put(sourceKey(videoId, filename), Readable.from(report(data), { objectMode: false }), {
          sizeBytes,
        }),
      { signal: run.signal },
    ).finally(stopTracking)
    const after = await file.stat()
    if (after.mtimeMs !== before.mtimeMs || checksum.sizeBytes !== sizeBytes) throw fileChanged()
    return { filename, sizeBytes, sha256: checksum.hash.digest('hex') }
  } finally {
    await file.close()
  }
}

/** @throws {Error} if a folder on the way is missing or a link */
async function locate(dir: string, name: string) {
  const at = path.join(await realpath(dir), name)
  if ((await realpath(path.dirname(at))) !== path.dirname(at)) throw new Error(`${name} is behind a link`)
  return at
}

/** The next scan of the folder finds the new version. */
const fileChanged = (cause?: unknown) =>
  new PermanentError({
    code: 'import.file_changed',
    message: messages.fileChanged(),
    advice: messages.fileChangedAdvice(),
    cause,
  })

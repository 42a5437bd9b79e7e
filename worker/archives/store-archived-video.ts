import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ManifestVideo } from '@/lib/archives/manifest'
import { importCaptionFile } from '@/lib/captions/import-file'
import { AppError } from '@/lib/errors'
import { sourceKey } from '@/lib/storage/keys'
import { reserveUploadIn } from '@/lib/uploads/reserve-upload'
import { createChecksum } from '@/lib/uploads/upload-checksum'
import { uploadExpiry } from '@/lib/uploads/upload-expiry'
import { createUploadStream } from '@/lib/uploads/upload-stream'
import { registerVideoIn } from '@/lib/videos/register-video'
import * as messages from '@/lib/generated/messages/archive-errors'
import { removeOwnUpload } from '../imports/remove-own-upload'
import type { TaskRun } from '../runtime/handler'
import { type ArchiveEntry, damagedError } from './open-archive'
import type { SkipReport } from './skip-report'

export interface ArchivedVideo {
  video: ManifestVideo
  /** The file that becomes the source. */
  entry: ArchiveEntry
  captions: (ManifestVideo['captions'][number] & { bytes: Buffer })[]
}

interface Options {
  ownerId: string
  importId: string
  video: ArchivedVideo
  skipped: SkipReport
}

/**
 * Stores one video of an archive, registers it as an uploaded one, and adds its captions. Their ids are derived from the import,
 * so that a later run recognizes them.
 * @throws {AppError} as `reserveUpload`, storage.quota_exceeded, video.not_media. @throws {PermanentError} archive.damaged
 */
export async function storeArchivedVideo(
  run: TaskRun<unknown>,
  { ownerId, importId, video: found, skipped }: Options,
) {
  const { db } = run.context
  const { entry, captions } = found
  const id = deriveId(importId, entry.name)
  if ((await db.video.count({ where: { id } })) > 0) for await (const _ of entry);
  else await storeSource(run, { id, ownerId, importId, found })
  for (const { bytes, language, label, path } of captions) {
    const file = { id: deriveId(importId, path), videoId: id, ownerId, bytes, language, filename: path }
    if ((await db.caption.count({ where: { id: file.id } })) > 0) continue
    await importCaptionFile(db, { ...file, label: label ?? undefined }).catch((error: unknown) => {
      if (!(error instanceof AppError) || error.code === 'storage.quota_exceeded') throw error
      skipped.addCaptions(path, error)
    })
  }
}

async function storeSource(
  run: TaskRun<unknown>,
  {
    id,
    ownerId,
    importId,
    found: { video, entry },
  }: Omit<Options, 'video' | 'skipped'> & {
    id: string
    found: ArchivedVideo
  },
) {
  const { storage, boss } = run.context
  const filename = video.original ? video.filename || 'video' : `${video.title || 'video'}.mp4`
  const { sizeBytes } = entry
  // Left over from a run that was interrupted.
  await removeOwnUpload(run, id)
  await run.write(async (tx) => {
    await reserveUploadIn(tx, { id, ownerId, filename, sizeBytes, expiresAt: uploadExpiry() })
    await tx.archiveImport.update({ where: { id: importId }, data: { currentUploadId: id } })
  })
  try {
    const checksum = createChecksum()
    await pipeline(
      entry,
      createUploadStream(checksum),
      (data: AsyncIterable<Buffer>) =>
        storage.put(sourceKey(id, filename), Readable.from(data, { objectMode: false }), { sizeBytes }),
      { signal: run.signal },
    )
    const sha256 = checksum.hash.digest('hex')
    if (video.original && sha256 !== video.original.sha256) throw damagedError(messages.checksumWrong())
    await run.write(async (tx) => {
      await registerVideoIn(tx, boss, { id, ownerId, filename, sizeBytes, sha256, uploadId: id })
      if (video.title) await tx.video.update({ where: { id }, data: { title: video.title } })
    })
  } catch (error) {
    run.signal.throwIfAborted()
    await removeOwnUpload(run, id)
    throw error
  }
}

/** A UUID (RFC 9562, version 8) of a file of an import. */
function deriveId(importId: string, name: string) {
  const hex = createHash('sha256').update(`${importId}/${name}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

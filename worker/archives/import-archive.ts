import { buffer } from 'node:stream/consumers'
import { decryptSecret } from '@/lib/accounts/encrypt-secret'
import {
  MANIFEST_NAME,
  manifestSchema,
  type ManifestVideo,
  MAX_MANIFEST_BYTES,
  newerManifestSchema,
} from '@/lib/archives/manifest'
import { importArchiveTask } from '@/lib/archives/tasks'
import { MAX_SUBTITLE_BYTES, subtitleFileTooLargeError } from '@/lib/captions/import-file'
import { PermanentError } from '@/lib/errors'
import { sourceKey } from '@/lib/storage/keys'
import { removeUpload } from '@/lib/uploads/expire-uploads'
import { uploadExpiry } from '@/lib/uploads/upload-expiry'
import { toImportError } from '../imports/errors'
import type { TaskHandler, TaskRun } from '../runtime/handler'
import { type ArchiveEntry, type ArchiveSecret, damagedError, openArchive } from './open-archive'
import { createSkipReport, type SkipReport } from './skip-report'
import { type ArchivedVideo, storeArchivedVideo } from './store-archived-video'

type Run = TaskRun<{ importId: string }>

/** Of captions that wait for their video. An export writes those of one video before it. */
const MAX_HELD_BYTES = 2 * MAX_SUBTITLE_BYTES

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
    if (typeof done?.videoCount === 'number') return endImport(run, done.videoCount)
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
    return endImport(run, videos, skipped.counts)
  },

  async discard({ payload, context: { db, storage } }) {
    const row = await db.archiveImport.findUnique({ where: { id: payload.importId } })
    if (row?.currentUploadId) await removeUpload({ db, storage, id: row.currentUploadId })
  },
}

/** Removes the uploaded archive. */
async function endImport({ payload, context: { db, storage } }: Run, videos: number, skipped = {}) {
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
      message: 'The uploaded archive was removed.',
      advice: 'Upload it again.',
    })
  if (!row.secret)
    throw new PermanentError({
      code: 'archive.secret_removed',
      message: 'The passphrase was removed when the task ended.',
      advice: 'Import it again on the page of encrypted archives, with its passphrase.',
    })
  return { ...row, secret: JSON.parse(await decryptSecret(row.secret)) as ArchiveSecret }
}

async function* countBytes({ report }: Run, data: AsyncIterable<Buffer>, totalBytes: number) {
  let receivedBytes = 0
  for await (const chunk of data) {
    receivedBytes += chunk.length
    const progress = receivedBytes / totalBytes
    report({ stage: 'Decrypting', progress, detail: { receivedBytes, totalBytes } })
    yield chunk
  }
}

/**
 * The videos of an archive with the file that each becomes, and the captions before it.
 * @throws {PermanentError} archive.damaged, .newer_version or .no_videos
 */
async function* readVideos(
  entries: AsyncGenerator<ArchiveEntry>,
  skipped: SkipReport,
): AsyncGenerator<ArchivedVideo> {
  const first = await entries.next()
  if (first.done || first.value.name !== MANIFEST_NAME) throw damagedError('It has no list of its files.')
  if (first.value.sizeBytes > MAX_MANIFEST_BYTES) throw damagedError('The list of its files is too large.')
  const { videos } = parseManifest(await buffer(first.value))
  for (const { title } of videos.filter((video) => !hasMedia(video))) skipped.addVideo(title)
  if (!videos.some(hasMedia)) throw noVideosError()
  // By path. Each may occur once.
  const expected = new Map(videos.flatMap(listFiles))
  const captionsOf = new Map<ManifestVideo, ArchivedVideo['captions']>()
  let heldBytes = 0
  for await (const entry of entries) {
    const file = expected.get(entry.name)
    if (!file) throw damagedError('It contains files that its list does not name.')
    expected.delete(entry.name)
    const { video, caption, isSource } = file
    const { sizeBytes } = entry
    if (isSource) {
      const captions = captionsOf.get(video) ?? []
      yield { video, entry, captions }
      captionsOf.delete(video)
      for (const { bytes } of captions) heldBytes -= bytes.length
    } else if (caption && sizeBytes <= MAX_SUBTITLE_BYTES && heldBytes + sizeBytes <= MAX_HELD_BYTES) {
      captionsOf.set(video, [...(captionsOf.get(video) ?? []), { ...caption, bytes: await buffer(entry) }])
      heldBytes += sizeBytes
    } else {
      if (caption) skipped.addCaptions(entry.name, subtitleFileTooLargeError)
      for await (const _ of entry);
    }
  }
  if (expected.size > 0) throw damagedError('Files that its list names are missing.')
}

const hasMedia = ({ original, renditions }: ManifestVideo) => original !== null || renditions.length > 0

interface ListedFile {
  video: ManifestVideo
  /** Unless it has no video to belong to. */
  caption?: ManifestVideo['captions'][number]
  /** Whether it becomes the video: the original, or the best download where there is none. */
  isSource: boolean
}

function listFiles(video: ManifestVideo): [path: string, file: ListedFile][] {
  const { original, renditions, captions } = video
  const media = [...(original ? [original] : []), ...renditions]
  return [
    ...captions.map((caption): [string, ListedFile] => [
      caption.path,
      { video, caption: hasMedia(video) ? caption : undefined, isSource: false },
    ]),
    ...media.map(({ path }, n): [string, ListedFile] => [path, { video, isSource: n === 0 }]),
  ]
}

/** @throws {PermanentError} archive.damaged or .newer_version */
function parseManifest(bytes: Buffer) {
  let manifest: unknown
  try {
    manifest = JSON.parse(bytes.toString())
  } catch (cause) {
    throw damagedError('It is not an archive of Meanwhile.', cause)
  }
  if (newerManifestSchema.safeParse(manifest).success)
    throw new PermanentError({
      code: 'archive.newer_version',
      message: 'The archive was exported by a newer version of Meanwhile.',
      advice: 'Update this server, and import it then.',
    })
  const { data, error } = manifestSchema.safeParse(manifest)
  if (!data) throw damagedError('It is not an archive of Meanwhile.', error)
  return data
}

/** Two tasks would write to the same places. */
const supersededError = () =>
  new PermanentError({
    code: 'archive.import_superseded',
    message: 'The import of this archive was started again since.',
    advice: 'Follow the newer task.',
  })

const noVideosError = () =>
  new PermanentError({
    code: 'archive.no_videos',
    message: 'The archive contains captions only, and no videos that they could belong to.',
    advice: 'Decrypt it with the age command, and import the captions into their videos one by one.',
  })

/** Adds to a permanent error how many videos were imported before. */
function describeProgress(error: unknown, videos: number) {
  if (!(error instanceof PermanentError) || videos === 0) return error
  const { code, message, advice, cause } = error
  const imported = videos === 1 ? '1 video was imported.' : `${videos} videos were imported.`
  return new PermanentError({ code, message: `${message} Before, ${imported}`, advice, cause })
}

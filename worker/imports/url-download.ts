import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { sourceKey } from '@/lib/storage/keys'
import { sanitizeFilename } from '@/lib/text/sanitize'
import { removeGenerations } from '@/lib/uploads/remove-received-data'
import { extendReservation, resizeReservation } from '@/lib/uploads/reserve-upload'
import { trackReceivedBytes } from '@/lib/uploads/track-received-bytes'
import { createChecksum, resumeChecksum, type UploadChecksum } from '@/lib/uploads/upload-checksum'
import { createUploadStream } from '@/lib/uploads/upload-stream'
import { nameVideo } from '@/lib/videos/name-video'
import * as taskMessages from '@/lib/generated/messages/import-tasks'
import * as messages from '@/lib/generated/messages/import-errors'
import { type Import, type ImportRun, loadImport } from './load-import'
import { emptyFileError, overlongError, transientError } from './errors'
import { openUrl } from './open-url'
import { openLocalPartialFile, openStoredPartialFile, type PartialFile } from './partial-file'
import { readBody, type StallLimits } from './read-body'
import { isSameVersion, type RemoteFile } from './read-response'
import { reportDownload } from './report-download'
import { resolveUrl } from './resolve-url'

export interface DownloadLimits extends StallLimits {
  responseTimeoutMs: number
}

export interface StoredFile {
  filename: string
  sizeBytes: number
  sha256: string
}

/** Where the bytes of a connection are stored. */
interface Target {
  source: Import
  remote: RemoteFile
  partial: PartialFile | null
  offset: number
}

/** The download of a file into its place in the storage, over any number of connections and runs of the task. */
export class UrlDownload {
  /** Of the bytes that this run has received, unless it began in the middle. */
  #checksum: UploadChecksum | null = null

  constructor(
    private readonly run: ImportRun,
    private readonly limits: DownloadLimits,
  ) {}

  /** The bytes that a further connection need not fetch again. */
  async countBytes() {
    return (await this.#openPartial(await loadImport(this.run))?.countBytes()) ?? 0
  }

  /**
   * Downloads what is missing over one connection. Bytes of two versions of the file never mix: a later connection continues
   * only the version that the first one began, and otherwise begins a new place for the data.
   * @throws as `openUrl`; {PermanentError} import.overlong; {AppError} import.interrupted, video.not_media, upload.too_large, .quota_exceeded, .disk_full
   */
  async receive(): Promise<StoredFile> {
    const source = await loadImport(this.run)
    const partial = this.#openPartial(source)
    const offset = (await partial?.countBytes()) ?? 0
    if (partial && offset === Number(source.totalBytes)) return this.#finish(source, partial)
    const { validator } = source
    const resume = offset > 0 && validator ? { offset, validator } : null
    const { signal } = this.run
    const { responseTimeoutMs } = this.limits
    const remote = await openUrl(await resolveUrl(source), { resume, signal, responseTimeoutMs })
    if (remote.offset === 0) return this.#beginVersion(source, remote)
    if (partial && isSameVersion(source, remote, offset))
      return this.#receiveBody({ source, remote, partial, offset })
    remote.body.destroy()
    await this.run.write(async (tx) => {
      await tx.videoImport.update({ where: { videoId: source.videoId }, data: { validator: null } })
    })
    return this.receive()
  }

  #openPartial({ videoId: id, generation, totalBytes, upload }: Import): PartialFile | null {
    const { storage } = this.run.context
    if (totalBytes === null) return null
    const file = { key: sourceKey(id, upload.filename), sizeBytes: Number(totalBytes) }
    if (!storage.resumable) return openLocalPartialFile(storage, { ...file, id, generation })
    return upload.storageWriteId
      ? openStoredPartialFile(storage.resumable, { ...file, id: upload.storageWriteId })
      : null
  }

  /** Receives a version of the file from its first byte. */
  async #beginVersion(earlier: Import, remote: RemoteFile) {
    try {
      const source = await this.#storeVersion(earlier, remote)
      this.#checksum = createChecksum()
      return await this.#receiveBody({ source, remote, partial: this.#openPartial(source), offset: 0 })
    } finally {
      remote.body.destroy()
    }
  }

  /** Records which version is received, reserves its size, and removes what has arrived of an earlier one. */
  async #storeVersion(earlier: Import, remote: RemoteFile): Promise<Import> {
    const { run } = this
    const { videoId, ownerId, isNamed, upload } = earlier
    const { storage } = run.context
    const { totalBytes, validator } = remote
    if (totalBytes === 0) throw emptyFileError()
    const filename = (!isNamed && sanitizeFilename(remote.filename ?? '')) || upload.filename
    const key = sourceKey(videoId, filename)
    const storageWriteId = totalBytes === null ? null : ((await storage.resumable?.begin(key)) ?? null)
    await run.write(async (tx) => {
      await resizeReservation(tx, { id: videoId, ownerId, sizeBytes: totalBytes ?? 0 })
      await tx.upload.update({ where: { id: videoId }, data: { filename, storageWriteId, receivedBytes: 0 } })
      await tx.videoImport.update({
        where: { videoId },
        data: { generation: { increment: 1 }, validator, totalBytes },
      })
      const [former, names] = [nameVideo(upload.filename), nameVideo(filename)]
      await tx.video.update({
        where: { id: videoId },
        data: { filename: names.filename, sourceKey: key, sizeBytes: totalBytes ?? 0 },
      })
      // Unless its owner has changed it.
      await tx.video.updateMany({
        where: { id: videoId, title: former.title },
        data: { title: names.title },
      })
    })
    // Afterwards: a run that has lost its claim removes nothing of the run that has it.
    if (earlier.generation > 0) await removeGenerations(storage, upload, earlier.generation)
    return loadImport(run)
  }

  async #receiveBody({ source, remote, partial, offset }: Target): Promise<StoredFile> {
    const { run, limits } = this
    const { storage, db } = run.context
    const { videoId: id, ownerId, upload } = source
    const isContinued = this.#checksum?.sizeBytes === offset
    const checksum = isContinued ? this.#checksum! : { ...createChecksum(), sizeBytes: offset }
    if (!isContinued) this.#checksum = null
    const report = reportDownload(run, { host: remote.host, offset, totalBytes: remote.totalBytes })
    const body = createUploadStream(
      checksum,
      partial ? undefined : (bytes) => extendReservation(db, { id, ownerId, bytes }),
    )
    const expectedBytes = partial ? Number(source.totalBytes) : Infinity
    const count = async function* (data: AsyncIterable<Buffer>) {
      for await (const chunk of data) {
        // Its size is reserved. A part that is sent in chunks has no other end.
        if (checksum.sizeBytes > expectedBytes) throw overlongError(remote.host)
        report(checksum.sizeBytes)
        yield chunk
      }
    }
    const store = (data: AsyncIterable<Buffer>) =>
      partial
        ? partial.append(offset, count(data))
        : storage.put(sourceKey(id, upload.filename), Readable.from(count(data), { objectMode: false }))
    const stopTracking = trackReceivedBytes(db, id, () => checksum.sizeBytes)
    try {
      await pipeline(readBody(remote, limits), body, store, { signal: run.signal })
    } finally {
      await stopTracking()
    }
    if (partial) {
      // A server may send less than was requested (RFC 9110, 15.3.7).
      if (checksum.sizeBytes < expectedBytes) throw transientError(messages.partOnly({ host: remote.host }))
      return this.#finish(source, partial)
    }
    if (checksum.sizeBytes === 0) throw emptyFileError()
    return {
      filename: upload.filename,
      sizeBytes: checksum.sizeBytes,
      sha256: checksum.hash.digest('hex'),
    }
  }

  /** Reads the stored file again for its checksum, unless this run has received all of it. */
  async #finish({ videoId, upload, totalBytes }: Import, partial: PartialFile): Promise<StoredFile> {
    const { run } = this
    const { filename } = upload
    const sizeBytes = Number(totalBytes)
    await partial.complete()
    const own = this.#checksum?.sizeBytes === sizeBytes ? this.#checksum : null
    if (!own) run.report({ stage: taskMessages.checkingFile(), progress: 1, etaSeconds: null })
    const { signal } = run
    const key = sourceKey(videoId, filename)
    const { hash } = own ?? (await resumeChecksum(await run.context.storage.read(key, { signal })))
    return { filename, sizeBytes, sha256: hash.digest('hex') }
  }
}

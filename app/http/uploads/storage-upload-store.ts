import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DataStore, ERRORS, Upload } from '@tus/server'
import { db } from '@/lib/database/db'
import { errorCode } from '@/lib/errors'
import { sourceKey } from '@/lib/storage/keys'
import type { ResumableWrite, ResumableWrites, Storage } from '@/lib/storage/storage'
import { removeUpload } from '@/lib/uploads/expire-uploads'
import { trackReceivedBytes } from '@/lib/uploads/track-received-bytes'
import { NOT_MEDIA } from '@/lib/videos/file-types'
import { createChecksum, resumeChecksum, type UploadChecksum } from '@/lib/uploads/upload-checksum'
import { reportRefusal } from './report-refusal'
import type { UploadRow, UploadStore } from './upload-store'
import { createUploadStream } from '@/lib/uploads/upload-stream'

/**
 * Sends uploads on to the storage while they arrive, to the place where the source of the video stays. Nothing is kept on
 * the local disk, and any web process continues any upload. Computes the SHA-256 on the way; of an upload that several
 * processes received, it reads the complete file.
 */
export class StorageUploadStore extends DataStore implements UploadStore {
  readonly #checksums = new Map<string, UploadChecksum>()
  override readonly extensions = ['creation', 'creation-with-upload', 'termination']

  constructor(
    private readonly storage: Storage,
    private readonly writes: ResumableWrites,
  ) {
    super()
  }

  override async create(upload: Upload) {
    const { id } = upload
    try {
      const { filename } = await readRow(id)
      const storageWriteId = await this.writes.begin(sourceKey(id, filename))
      await db().upload.update({ where: { id }, data: { storageWriteId } })
    } catch (error) {
      await this.remove(id)
      throw error
    }
    return upload
  }

  override async write(stream: Readable, id: string, offset: number) {
    const row = await readRow(id)
    const write = toWrite(row)
    const checksum = this.#continueChecksum(id, offset)
    let receivedBytes = offset
    const count = async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        receivedBytes += chunk.length
        yield chunk
      }
    }
    const stopTracking = trackReceivedBytes(db(), id, () => receivedBytes)
    try {
      const body = createUploadStream(checksum, undefined, row.isArchive)
      await pipeline(stream, body, async (data: AsyncIterable<Buffer>) => {
        await this.writes.append(write, { offset, data: count(data) })
      })
    } catch (error) {
      this.#checksums.delete(id)
      // The file itself was rejected, so the upload cannot be resumed.
      if ([NOT_MEDIA, 'archive.not_encrypted'].includes(errorCode(error) ?? '')) {
        await reportRefusal(row, error)
        await this.remove(id)
      }
      throw error
    } finally {
      await stopTracking()
    }
    return receivedBytes
  }

  /** Deletes an upload: row, reservation, and what was stored. */
  override async remove(id: string) {
    this.#checksums.delete(id)
    await removeUpload({ db: db(), storage: this.storage, id })
  }

  override async getUpload(id: string) {
    const row = await readRow(id)
    const size = Number(row.sizeBytes)
    if (!row.videoId && !row.storageWriteId) throw ERRORS.FILE_NOT_FOUND
    const offset = row.videoId || row.isStored ? size : await this.writes.countBytes(toWrite(row))
    if (offset === null) {
      // The storage gave it up, for example by a rule for the life of unfinished uploads.
      await this.remove(id)
      throw ERRORS.FILE_NOT_FOUND
    }
    return new Upload({ id, size, offset, metadata: { filename: row.filename } })
  }

  async hasAllBytes(row: UploadRow) {
    if (!row.storageWriteId) return false
    return (await this.writes.countBytes(toWrite(row))) === Number(row.sizeBytes)
  }

  async storeSource(row: UploadRow) {
    const write = toWrite(row)
    await this.writes.complete(write)
    const known = this.#checksums.get(row.id)
    this.#checksums.delete(row.id)
    const { hash } =
      known?.sizeBytes === write.sizeBytes ? known : await resumeChecksum(await this.storage.read(write.key))
    return hash.digest('hex')
  }

  async removeReceived() {
    // The storage keeps the file where it was received.
  }

  /** Continues the checksum of an upload. One of which other processes received a part is not kept. */
  #continueChecksum(id: string, offset: number) {
    const known = this.#checksums.get(id)
    if (known?.sizeBytes === offset) return known
    this.#checksums.delete(id)
    const checksum = { ...createChecksum(), sizeBytes: offset }
    if (offset === 0) this.#checksums.set(id, checksum)
    return checksum
  }
}

async function readRow(id: string) {
  const row = await db().upload.findUnique({ where: { id } })
  if (!row) throw ERRORS.FILE_NOT_FOUND
  return row
}

const toWrite = ({ id, filename, sizeBytes, storageWriteId }: UploadRow): ResumableWrite => ({
  id: storageWriteId!,
  key: sourceKey(id, filename),
  sizeBytes: Number(sizeBytes),
})

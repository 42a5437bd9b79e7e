import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { FileStore } from '@tus/file-store'
import { Upload } from '@tus/server'
import { db } from '@/lib/database/db'
import { AppError } from '@/lib/errors'
import { sourceKey } from '@/lib/storage/keys'
import type { Storage } from '@/lib/storage/storage'
import { removeUpload } from '@/lib/uploads/expire-uploads'
import { trackReceivedBytes } from '@/lib/uploads/track-received-bytes'
import { uploadDataFile, uploadInfoFile, uploadsDir } from '@/lib/uploads/upload-paths'
import { requestEarlyLooks } from './early-looks'
import { createChecksum, resumeChecksum, type UploadChecksum } from '@/lib/uploads/upload-checksum'
import { reportRefusal } from './report-refusal'
import type { UploadRow, UploadStore } from './upload-store'
import { createUploadStream } from '@/lib/uploads/upload-stream'

/** Chunks that arrive while the disk is busy are written together. */
const WRITE_BUFFER_BYTES = 2 * 1024 ** 2

/** Collects uploads as files of this computer and computes their SHA-256 while they arrive. */
export class HashingStore extends FileStore implements UploadStore {
  readonly #checksums = new Map<string, UploadChecksum>()
  // Not `creation-defer-length`, because space is reserved first; not `expiration`, because the worker deletes expired uploads.
  override readonly extensions = ['creation', 'creation-with-upload', 'termination']

  constructor(private readonly storage: Storage) {
    mkdirSync(uploadsDir(), { recursive: true })
    super({ directory: uploadsDir() })
  }

  override async write(stream: Readable, id: string, offset: number) {
    const checksum = await this.#checksum(id, offset)
    const file = createWriteStream(uploadDataFile(id), {
      flags: 'r+',
      start: offset,
      highWaterMark: WRITE_BUFFER_BYTES,
    })
    const receivedBytes = () => offset + file.bytesWritten
    const stopTracking = trackReceivedBytes(db(), id, receivedBytes)
    const stopLooking = requestEarlyLooks({ id, offset, receivedBytes })
    const upload = await db().upload.findUnique({ where: { id } })
    try {
      await pipeline(stream, createUploadStream(checksum, undefined, upload?.isArchive), file)
    } catch (error) {
      // The file itself was rejected, so the upload cannot be resumed.
      if (error instanceof AppError) {
        if (upload) await reportRefusal(upload, error)
        await removeUpload({ db: db(), storage: this.storage, id })
      }
      throw error
    } finally {
      await stopLooking()
      await stopTracking()
    }
    return receivedBytes()
  }

  /** Deletes an upload at its client's request: file, row and reservation. */
  override async remove(id: string) {
    this.#checksums.delete(id)
    await removeUpload({ db: db(), storage: this.storage, id })
  }

  /** An upload that became a video is reported as complete, for a client that missed the last response. */
  override async getUpload(id: string) {
    const row = await db().upload.findUnique({ where: { id } })
    if (!row || !(row.videoId || row.isStored)) return super.getUpload(id)
    const size = Number(row.sizeBytes)
    return new Upload({ id, size, offset: size, metadata: { filename: row.filename } })
  }

  async hasAllBytes({ id, sizeBytes }: UploadRow) {
    const file = await stat(uploadDataFile(id)).catch(() => null)
    return file !== null && BigInt(file.size) === sizeBytes
  }

  async storeSource({ id, filename, sizeBytes }: UploadRow) {
    await this.storage.copyIn(sourceKey(id, filename), uploadDataFile(id))
    const { hash } = await this.#checksum(id, Number(sizeBytes))
    this.#checksums.delete(id)
    return hash.digest('hex')
  }

  /** After a crash before it, the sweep of orphaned files removes them. */
  async removeReceived(id: string) {
    for (const file of [uploadDataFile(id), uploadInfoFile(id)]) await rm(file, { force: true })
  }

  /** The checksum of the first `bytes`. Rereads the file if bytes were hashed that an interruption kept from the disk. */
  async #checksum(id: string, bytes: number) {
    let checksum = this.#checksums.get(id)
    if (checksum?.sizeBytes !== bytes) {
      checksum =
        bytes === 0
          ? createChecksum()
          : await resumeChecksum(createReadStream(uploadDataFile(id), { end: bytes - 1 }))
      this.#checksums.set(id, checksum)
    }
    return checksum
  }
}

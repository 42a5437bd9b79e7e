import { createWriteStream } from 'node:fs'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { FileStore } from '@tus/file-store'
import { Upload } from '@tus/server'
import { db } from '@/lib/database/db'
import { AppError } from '@/lib/errors'
import { removeUpload } from '@/lib/uploads/expire-uploads'
import { uploadsDir } from '@/lib/uploads/upload-paths'
import { type UploadChecksum, createChecksum, resumeChecksum, createUploadStream } from './upload-checksum'

/** Chunks that came while the disk was busy are written together. */
const WRITE_BUFFER_BYTES = 4 * 1024 ** 2

/** Files on disk, with a checksum that grows as they do. */
export class HashingStore extends FileStore {
  readonly #arrivals = new Map<string, UploadChecksum>()
  // A size has to be stated, for there may be no room; what expires is removed by the worker.
  override readonly extensions = ['creation', 'creation-with-upload', 'termination']

  override async write(stream: Readable, id: string, offset: number) {
    const arrival = await this.#arrival(id, offset)
    const file = createWriteStream(path.join(uploadsDir(), id), {
      flags: 'r+',
      start: offset,
      highWaterMark: WRITE_BUFFER_BYTES,
    })
    try {
      await pipeline(stream, createUploadStream(arrival), file)
    } catch (error) {
      // Refused for what it is: nobody will go on with it.
      if (error instanceof AppError) await removeUpload({ db: db(), id })
      throw error
    }
    return offset + file.bytesWritten
  }

  /** Its sender wants it no more: its bytes and its row go, and with them the room it was promised. */
  override async remove(id: string) {
    this.#arrivals.delete(id)
    await removeUpload({ db: db(), id })
  }

  /** One that has become a video is whole: a client that missed the last answer is told so. */
  override async getUpload(id: string) {
    const row = await db().upload.findUnique({ where: { id } })
    if (!row?.videoId) return super.getUpload(id)
    const size = Number(row.sizeBytes)
    return new Upload({ id, size, offset: size, metadata: { filename: row.filename } })
  }

  /** The SHA-256 of the first `bytes`, hexadecimal; after it the store forgets what it knew. */
  async takeChecksum(id: string, bytes: number) {
    const { hash } = await this.#arrival(id, bytes)
    this.#arrivals.delete(id)
    return hash.digest('hex')
  }

  /** Bytes that were hashed but did not reach the disk before a break do not count: then it is read again. */
  async #arrival(id: string, bytes: number) {
    let arrival = this.#arrivals.get(id)
    if (arrival?.sizeBytes !== bytes) {
      arrival = bytes === 0 ? createChecksum() : await resumeChecksum(path.join(uploadsDir(), id), bytes)
      this.#arrivals.set(id, arrival)
    }
    return arrival
  }
}

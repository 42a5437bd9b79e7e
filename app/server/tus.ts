import { randomUUID } from 'node:crypto'
import { createWriteStream, mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { FileStore } from '@tus/file-store'
import { Server, type Upload } from '@tus/server'
import { requireIdentity } from '@/lib/accounts/identity'
import { config } from '@/lib/config'
import { db } from '@/lib/db'
import { AppError, notFound } from '@/lib/errors'
import { log } from '@/lib/log'
import { storage } from '@/lib/storage/this-storage'
import { boss } from '@/lib/tasks/boss'
import { uploadsDir } from '@/lib/uploads/expire'
import { checkRoom } from '@/lib/uploads/limits'
import { registerVideo } from '@/lib/videos/register'
import { type Arrival, newArrival, recallArrival, receiver } from './receive'

export const UPLOADS_PATH = '/api/uploads'

/** Chunks that came while the disk was busy are written together. */
const WRITE_BUFFER_BYTES = 4 * 1024 ** 2

/** Files on disk, with a checksum that grows as they do. */
class HashingStore extends FileStore {
  readonly #arrivals = new Map<string, Arrival>()

  override async write(stream: Readable, id: string, offset: number) {
    const arrival = await this.arrival(id, offset)
    const file = createWriteStream(path.join(uploadsDir(), id), {
      flags: 'r+',
      start: offset,
      highWaterMark: WRITE_BUFFER_BYTES,
    })
    await pipeline(stream, receiver(arrival), file)
    return offset + file.bytesWritten
  }

  /** Bytes that were hashed but did not reach the disk before a break do not count: then it is read again. */
  async arrival(id: string, bytes: number) {
    let arrival = this.#arrivals.get(id)
    if (arrival?.bytes !== bytes) {
      arrival = bytes === 0 ? newArrival() : await recallArrival(path.join(uploadsDir(), id), bytes)
      this.#arrivals.set(id, arrival)
    }
    return arrival
  }

  forget(id: string) {
    this.#arrivals.delete(id)
  }
}

/** Resumable uploads by the tus protocol, 1.0. The last answer carries `{videoId, taskId}`. */
export function tusServer() {
  mkdirSync(uploadsDir(), { recursive: true })
  const store = new HashingStore({ directory: uploadsDir() })
  return new Server({
    path: UPLOADS_PATH,
    relativeLocation: true,
    datastore: store,
    maxSize: config().UPLOAD_MAX_BYTES,
    namingFunction: () => randomUUID(),
    async onIncomingRequest(request, id) {
      const identity = await requireIdentity(request.headers)
      if (!id || request.method === 'OPTIONS') return
      const upload = await db().upload.findFirst({ where: { id, ownerId: identity.id } })
      if (!upload && request.method !== 'POST') throw notFound('upload')
    },
    async onUploadCreate(request, upload) {
      const identity = await requireIdentity(request.headers)
      const sizeBytes = upload.size ?? 0
      if (sizeBytes === 0)
        throw new AppError({ code: 'upload.empty', message: 'The file is empty.', status: 400 })
      await checkRoom(db(), { ownerId: identity.id, sizeBytes })
      const expiresAt = new Date(Date.now() + config().UPLOAD_EXPIRES_HOURS * 3_600_000)
      await db().upload.create({
        data: { id: upload.id, ownerId: identity.id, filename: filenameOf(upload), sizeBytes, expiresAt },
      })
      return {}
    },
    async onResponseError(_request, error) {
      if (!(error instanceof AppError)) return undefined
      log.info({ code: error.code }, 'upload refused')
      const body = { type: 'about:blank', code: error.code, title: error.message, status: error.status }
      return { status_code: error.status, body: JSON.stringify(body) }
    },
    async onUploadFinish(_request, upload) {
      const { ownerId } = await db().upload.findUniqueOrThrow({ where: { id: upload.id } })
      const sizeBytes = upload.size ?? upload.offset
      const { hash } = await store.arrival(upload.id, sizeBytes)
      store.forget(upload.id)
      const registered = await registerVideo(
        { db: db(), boss: await boss(), storage: storage() },
        {
          ownerId,
          path: path.join(uploadsDir(), upload.id),
          filename: filenameOf(upload),
          sizeBytes,
          sha256: hash.digest('hex'),
          uploadId: upload.id,
        },
      )
      await rm(path.join(uploadsDir(), `${upload.id}.json`), { force: true })
      return {
        status_code: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(registered),
      }
    },
  })
}

const filenameOf = (upload: Upload) => upload.metadata?.filename ?? upload.metadata?.name ?? 'video'

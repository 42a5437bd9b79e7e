import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { Server, type Upload } from '@tus/server'
import { requireIdentity } from '@/lib/accounts/identity'
import { config } from '@/lib/config'
import { db } from '@/lib/db'
import { AppError, notFound } from '@/lib/errors'
import { log } from '@/lib/log'
import { uploadsDir } from '@/lib/uploads/expire'
import { checkRoom } from '@/lib/uploads/limits'
import { finishEarlierUploads, finishUpload, isWhole } from './finish-upload'
import { HashingStore } from './hashing-store'

export const UPLOADS_PATH = '/api/uploads'

/** Resumable uploads by the tus protocol, 1.0. The last answer carries `{videoId, taskId}`. */
export function tusServer() {
  mkdirSync(uploadsDir(), { recursive: true })
  const store = new HashingStore({ directory: uploadsDir() })
  finishEarlierUploads(store).catch((error: unknown) =>
    log.warn({ err: error }, 'could not look for uploads that had arrived'),
  )
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
      if (upload && request.method === 'HEAD' && (await isWhole(upload))) await finishUpload(store, id)
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
      const registered = await finishUpload(store, upload.id)
      return {
        status_code: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(registered),
      }
    },
  })
}

const filenameOf = (upload: Upload) => upload.metadata?.filename ?? upload.metadata?.name ?? 'video'

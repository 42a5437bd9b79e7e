import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { type CancellationContext, Server, type Upload } from '@tus/server'
import { toProblemResponse } from '@/app/api/route-handler'
import { requireAuthentication } from '@/lib/accounts/authenticate'
import { languageSchema } from '@/lib/captions/schema'
import { db } from '@/lib/database/db'
import { AppError, notFound } from '@/lib/errors'
import { log } from '@/lib/log'
import { sanitizeText } from '@/lib/text/sanitize'
import { uploadsDir } from '@/lib/uploads/upload-paths'
import { uploadExpiry } from '@/lib/uploads/upload-expiry'
import { reserveUpload } from '@/lib/uploads/reserve-upload'
import { finishCompletedUploads, finishIfComplete, finishUpload } from './finish-upload'
import { HashingStore } from './hashing-store'

const UPLOADS_PATH = '/api/uploads'

export const isUploadPath = (url = '') => /^\/api\/uploads(\/|\?|$)/.test(url)

/** Resumable uploads by the tus protocol, 1.0. The last answer carries `{videoId, taskId}`. */
export function createTusServer() {
  mkdirSync(uploadsDir(), { recursive: true })
  const store = new HashingStore({ directory: uploadsDir() })
  finishCompletedUploads(store).catch((error: unknown) =>
    log.warn({ err: error }, 'could not look for uploads that had arrived'),
  )
  return new ProblemDetailsServer({
    path: UPLOADS_PATH,
    relativeLocation: true,
    datastore: store,
    namingFunction: () => randomUUID(),
    async onIncomingRequest(request, id) {
      const identity = await requireAuthentication(request.headers)
      if (!id || request.method === 'OPTIONS') return
      const upload = await db().upload.findFirst({ where: { id, ownerId: identity.id } })
      if (!upload && request.method !== 'POST') throw notFound('upload')
      if (upload && request.method === 'HEAD') await finishIfComplete(store, upload)
      // It is continued, so its time begins anew.
      if (request.method === 'PATCH')
        await db().upload.updateMany({ where: { id, videoId: null }, data: { expiresAt: uploadExpiry() } })
    },
    async onUploadCreate(request, upload) {
      const identity = await requireAuthentication(request.headers)
      const sizeBytes = upload.size ?? 0
      if (sizeBytes === 0)
        throw new AppError({ code: 'upload.empty', message: 'The file is empty.', status: 400 })
      await reserveUpload(db(), {
        id: upload.id,
        ownerId: identity.id,
        filename: sanitizeText(filenameOf(upload)),
        sizeBytes,
        language: languageSchema.optional().parse(upload.metadata?.language || undefined),
        expiresAt: uploadExpiry(),
      })
      return {}
    },
    async onResponseError(_request, error) {
      // What tus itself says of a request is made a problem below.
      if ('status_code' in error) return undefined
      const answer = toProblemResponse(error)
      return { status_code: answer.status, body: await answer.text() }
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

/** tus answers what is wrong in plain text; everybody else here by problem+json (RFC 9457). */
class ProblemDetailsServer extends Server {
  override write(context: CancellationContext, headers: Headers, status: number, body = '') {
    if (status < 400) return super.write(context, headers, status, body)
    headers.set('content-type', 'application/problem+json')
    if (body.startsWith('{')) return super.write(context, headers, status, body)
    const told = {
      type: 'about:blank',
      code: ERROR_CODES[status] ?? 'upload.refused',
      title: body.trim(),
      status,
    }
    return super.write(context, headers, status, JSON.stringify(told))
  }
}

const ERROR_CODES: Record<number, string> = {
  403: 'upload.forbidden',
  404: 'upload.not_found',
  409: 'upload.offset_conflict',
  410: 'upload.gone',
  412: 'upload.version_required',
  413: 'upload.too_large',
  415: 'upload.content_type',
  423: 'upload.locked',
  460: 'upload.checksum_mismatch',
}

const filenameOf = (upload: Upload) => upload.metadata?.filename ?? upload.metadata?.name ?? 'video'

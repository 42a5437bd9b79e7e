import * as messages from '@/lib/generated/messages/http-errors'
import { randomUUID } from 'node:crypto'
import { ReadableStream } from 'node:stream/web'
import type { ServerOptions, Upload } from '@tus/server'
import { requireAuthentication } from '@/lib/accounts/authenticate'
import { languageSchema } from '@/lib/captions/schema'
import { db } from '@/lib/database/db'
import { AppError, notFound } from '@/lib/errors'
import { log } from '@/lib/log'
import { sanitizeText } from '@/lib/text/sanitize'
import type { Storage } from '@/lib/storage/storage'
import { requireScope } from '@/lib/accounts/scopes'
import { isArchiveName } from '@/lib/uploads/age-file'
import { notImported } from '@/lib/uploads/not-imported'
import { reserveUpload } from '@/lib/uploads/reserve-upload'
import { uploadExpiry } from '@/lib/uploads/upload-expiry'
import { requireReplaceable } from '@/lib/videos/replace-file'
import { parseId } from '@/app/api/parse-request'
import { methodNotAllowedError } from '../middleware/next-workarounds'
import { sendProblem, toProblemResponse } from '../problem-details'
import type { RequestHandler } from '../request-handler'
import { finishCompletedUploads, finishIfComplete, finishUpload } from './finish-upload'
import { HashingStore } from './hashing-store'
import { reportRefusal } from './report-refusal'
import { StorageUploadStore } from './storage-upload-store'
import { ProblemDetailsServer } from './tus-problem-details'
import { uploadLocker } from './upload-locker'
import type { UploadStore } from './upload-store'

const UPLOADS_PATH = '/api/uploads'
const TUS_METHODS = 'DELETE, HEAD, OPTIONS, PATCH, POST'

/** Resumable uploads by the tus protocol 1.0. Bypasses Next.js like `videoUploadHandler`, for backpressure. */
export function createTusHandler(storage: Storage): RequestHandler {
  const tus = createTusServer(openStore(storage))
  return {
    matches: ({ url = '' }) => /^\/api\/uploads(\/|\?|$)/.test(url),
    // The library would serve uploads to GET, with the content type that their sender gave them.
    handle(request, response) {
      if (request.method === 'GET')
        return sendProblem(response, methodNotAllowedError('GET'), { allow: TUS_METHODS })
      // Storing a large file takes a while, in which nothing is sent.
      request.once('end', () => request.socket.setTimeout(0))
      return tus.handle(request, response)
    },
  }
}

/** Receives uploads in the storage where it can, so that any web process continues them; otherwise on the local disk. */
const openStore = (storage: Storage): UploadStore =>
  storage.resumable ? new StorageUploadStore(storage, storage.resumable) : new HashingStore(storage)

/** The response that completes an upload carries `{videoId, taskId}`, of an archive `{archiveUploadId}`. */
function createTusServer(store: UploadStore) {
  finishCompletedUploads(store).catch((error: unknown) =>
    log.warn({ err: error }, 'could not look up completed uploads'),
  )
  return new ProblemDetailsServer({
    path: UPLOADS_PATH,
    relativeLocation: true,
    // By default pages of every origin may read responses.
    allowedOrigins: () => false,
    datastore: store,
    locker: uploadLocker,
    namingFunction: () => randomUUID(),
    async onIncomingRequest(request, id) {
      passBodyUncopied(request)
      const user = await requireAuthentication(request.headers, 'upload')
      if (!id || request.method === 'OPTIONS') return
      const upload = await db().upload.findFirst({ where: { id, ownerId: user.id, ...notImported } })
      if (!upload && request.method !== 'POST') throw notFound('upload')
      if (upload && request.method === 'HEAD') await finishIfComplete(store, upload)
      if (request.method === 'PATCH')
        await db().upload.updateMany({ where: { id, videoId: null }, data: { expiresAt: uploadExpiry() } })
    },
    async onUploadCreate(request, upload) {
      const user = await requireAuthentication(request.headers, 'upload')
      const filename = sanitizeText(uploadFilename(upload))
      const file = { ownerId: user.id, filename, sizeBytes: upload.size ?? 0 }
      if (upload.metadata?.replaces) requireScope(user, 'all')
      try {
        await reserveSize(upload, file)
      } catch (error) {
        await reportRefusal(file, error)
        throw error
      }
      return {}
    },
    async onResponseError(_request, error) {
      // Errors of tus itself; ProblemDetailsServer converts them.
      if ('status_code' in error) return undefined
      const problem = toProblemResponse(error)
      return { status_code: problem.status, body: await problem.text() }
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

async function reserveSize(upload: Upload, file: { ownerId: string; filename: string; sizeBytes: number }) {
  if (file.sizeBytes === 0)
    throw new AppError({ code: 'upload.empty', message: messages.fileEmpty(), status: 400 })
  await reserveUpload(db(), {
    id: upload.id,
    ...file,
    isArchive: isArchiveName(uploadFilename(upload)),
    replacesId: await readReplacedId(upload, file.ownerId),
    language: languageSchema.optional().parse(upload.metadata?.language || undefined),
    expiresAt: uploadExpiry(),
  })
}

const uploadFilename = (upload: Upload) => upload.metadata?.filename ?? upload.metadata?.name ?? 'video'

/** The video whose file the upload replaces. @throws {AppError} video.not_found, video.in_trash */
async function readReplacedId({ metadata }: Upload, ownerId: string) {
  if (!metadata?.replaces) return null
  if (isArchiveName(metadata.filename ?? metadata.name ?? '')) throw archiveReplacesError()
  const id = parseId({ id: metadata.replaces }, 'video')
  await db().$transaction((tx) => requireReplaceable(tx, { id, ownerId }))
  return id
}

const archiveReplacesError = () =>
  new AppError({
    code: 'upload.is_archive',
    message: messages.archiveIsNoVideo(),
    status: 400,
  })

type TusRequest = Parameters<NonNullable<ServerOptions['onIncomingRequest']>>[0]

/** Replaces the stream of the body: the one that Node.js creates of a request copies every chunk. */
function passBodyUncopied(request: TusRequest) {
  const source = request.runtime?.node?.req
  if (source) Object.defineProperty(request, 'body', { value: ReadableStream.from(source) })
}

import * as messages from '@/lib/generated/messages/http-errors'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { requireAuthentication } from '@/lib/accounts/authenticate'
import { requireScope } from '@/lib/accounts/scopes'
import { languageSchema } from '@/lib/captions/schema'
import { db } from '@/lib/database/db'
import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { sourceKey } from '@/lib/storage/keys'
import { boss } from '@/lib/tasks/boss'
import { getTask } from '@/lib/tasks/queries'
import { sanitizeText } from '@/lib/text/sanitize'
import { removeUpload } from '@/lib/uploads/expire-uploads'
import { extendReservation, reserveUpload } from '@/lib/uploads/reserve-upload'
import { trackReceivedBytes } from '@/lib/uploads/track-received-bytes'
import { uploadExpiry } from '@/lib/uploads/upload-expiry'
import { getVideo } from '@/lib/videos/queries'
import { registerVideo } from '@/lib/videos/register-video'
import { requireReplaceable } from '@/lib/videos/replace-file'
import { withProblemDetails } from '../problem-details'
import type { RequestHandler } from '../request-handler'
import { sendResponse } from '../send-response'
import { toWebHeaders } from '../to-web-headers'
import { createChecksum } from '@/lib/uploads/upload-checksum'
import { createUploadStream } from '@/lib/uploads/upload-stream'
import { reportRefusal } from './report-refusal'

const querySchema = z.object({
  filename: z.string().min(1).overwrite(sanitizeText),
  language: languageSchema.optional(),
  replaces: z.uuid().optional(),
})

/**
 * `POST /api/v1/videos?filename=` with the raw file as the body. Bypasses Next.js, which reads a body without
 * backpressure and buffers in memory what the disk has not taken yet.
 */
export const videoUploadHandler: RequestHandler = {
  matches: ({ method, url = '' }) => method === 'POST' && /^\/api\/v1\/videos\/?(\?|$)/.test(url),
  async handle(request, response) {
    await sendResponse(response, await withProblemDetails(() => uploadVideo(request)))
  },
}

async function uploadVideo(request: IncomingMessage) {
  const user = await requireAuthentication(toWebHeaders(request), 'upload')
  const ownerId = user.id
  // Storing a large file takes a while, in which nothing is sent.
  request.once('end', () => request.socket.setTimeout(0))
  const { searchParams } = new URL(request.url!, 'http://localhost')
  const { filename, language, replaces } = querySchema.parse(Object.fromEntries(searchParams))
  const contentLength = Number(request.headers['content-length'] ?? 0)
  const id = randomUUID()
  if (replaces) {
    // The former file is deleted.
    requireScope(user, 'all')
    await db().$transaction((tx) => requireReplaceable(tx, { id: replaces, ownerId }))
  }
  const upload = { id, ownerId, filename }
  try {
    await reserveUpload(db(), {
      ...upload,
      sizeBytes: contentLength,
      replacesId: replaces,
      expiresAt: uploadExpiry(),
    })
    const { hash, sizeBytes } = await storeBody(request, upload)
    const { videoId, taskId } = await registerVideo(
      { db: db(), boss: await boss() },
      { ...upload, language, replacesId: replaces, sizeBytes, sha256: hash.digest('hex'), uploadId: id },
    )
    const [video, task] = await Promise.all([
      getVideo(db(), { id: videoId, ownerId }),
      getTask(db(), { id: taskId, ownerId }),
    ])
    return Response.json({ video, task }, { status: 202 })
  } catch (error) {
    await reportRefusal({ ...upload, sizeBytes: contentLength }, error)
    const removing = removeUpload({ db: db(), storage: await configuredStorage(), id })
    await removing.catch((err: unknown) => log.warn({ err, uploadId: id }, 'could not remove an upload'))
    throw error
  }
}

/**
 * Stores the request body as the source of a video. On an error the request stays open, so that it can still be answered.
 * @throws {AppError} upload.empty, video.not_media, upload.too_large, upload.quota_exceeded, upload.disk_full
 */
async function storeBody(
  request: IncomingMessage,
  upload: { id: string; ownerId: string; filename: string },
) {
  const { id, filename } = upload
  const checksum = createChecksum()
  const contentLength = request.headers['content-length']
  const sizeBytes = contentLength === undefined ? undefined : Number(contentLength)
  const body = createUploadStream(
    checksum,
    sizeBytes !== undefined ? undefined : (bytes) => extendReservation(db(), { ...upload, bytes }),
  )
  // It may fail before the storage reads it, which then reports the error.
  body.on('error', () => undefined)
  const stop = () => body.destroy(new Error('the client disconnected'))
  request.once('error', stop)
  // Aborted before the listener above was registered.
  if (request.destroyed && !request.complete) stop()
  request.pipe(body)
  const stopTracking = trackReceivedBytes(db(), id, () => checksum.sizeBytes)
  try {
    await (await configuredStorage()).put(sourceKey(id, filename), body, { sizeBytes })
  } finally {
    request.unpipe(body)
    await stopTracking()
  }
  if (checksum.sizeBytes > 0) return checksum
  throw new AppError({ code: 'upload.empty', message: messages.sendFile(), status: 400 })
}

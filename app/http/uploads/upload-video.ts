import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { requireAuthentication } from '@/lib/accounts/authenticate'
import { languageSchema } from '@/lib/captions/schema'
import { db } from '@/lib/database/db'
import { AppError } from '@/lib/errors'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { boss } from '@/lib/tasks/boss'
import { getTask } from '@/lib/tasks/queries'
import { sanitizeText } from '@/lib/text/sanitize'
import { extendReservation, reserveUpload } from '@/lib/uploads/reserve-upload'
import { trackReceivedBytes } from '@/lib/uploads/track-received-bytes'
import { uploadPartName, uploadsDir } from '@/lib/uploads/upload-paths'
import { uploadExpiry } from '@/lib/uploads/upload-expiry'
import { getVideo } from '@/lib/videos/queries'
import { registerVideo } from '@/lib/videos/register-video'
import { withProblemDetails } from '../problem-details'
import type { RequestHandler } from '../request-handler'
import { sendResponse } from '../send-response'
import { toWebHeaders } from '../to-web-headers'
import { createChecksum } from './upload-checksum'
import { createUploadStream } from './upload-stream'

const querySchema = z.object({
  filename: z.string().min(1).overwrite(sanitizeText),
  language: languageSchema.optional(),
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
  const { id: ownerId } = await requireAuthentication(toWebHeaders(request), 'upload')
  // Storing a large file takes a while, in which nothing is sent.
  request.once('end', () => request.socket.setTimeout(0))
  const { searchParams } = new URL(request.url!, 'http://localhost')
  const { filename, language } = querySchema.parse(Object.fromEntries(searchParams))
  const contentLength = Number(request.headers['content-length'] ?? 0)
  await mkdir(uploadsDir(), { recursive: true })
  const id = randomUUID()
  const file = path.join(uploadsDir(), uploadPartName(id))
  await reserveUpload(db(), { id, ownerId, filename, sizeBytes: contentLength, expiresAt: uploadExpiry() })
  try {
    const { hash, sizeBytes } = await writeBody(request, file, { id, ownerId })
    const { videoId, taskId } = await registerVideo(
      { db: db(), boss: await boss(), storage: await configuredStorage() },
      { ownerId, path: file, filename, language, sizeBytes, sha256: hash.digest('hex') },
    )
    const [video, task] = await Promise.all([
      getVideo(db(), { id: videoId, ownerId }),
      getTask(db(), { id: taskId, ownerId }),
    ])
    return Response.json({ video, task }, { status: 202 })
  } finally {
    await rm(file, { force: true })
    await db().upload.deleteMany({ where: { id } })
  }
}

/**
 * Writes the request body to `file`. On an error the request stays open, so that it can still be answered.
 * @throws {AppError} upload.empty, video.not_media, upload.too_large, upload.quota_exceeded, upload.disk_full
 */
async function writeBody(request: IncomingMessage, file: string, upload: { id: string; ownerId: string }) {
  const checksum = createChecksum()
  const hasKnownLength = request.headers['content-length'] !== undefined
  const body = createUploadStream(
    checksum,
    hasKnownLength ? undefined : (bytes) => extendReservation(db(), { ...upload, bytes }),
  )
  request.once('error', (error) => body.destroy(error))
  // Aborted before the listener above was registered.
  if (request.destroyed && !request.complete) body.destroy(new Error('the client disconnected'))
  request.pipe(body)
  const stopTracking = trackReceivedBytes(upload.id, () => checksum.sizeBytes)
  try {
    await pipeline(body, createWriteStream(file))
  } finally {
    request.unpipe(body)
    await stopTracking()
  }
  if (checksum.sizeBytes > 0) return checksum
  throw new AppError({ code: 'upload.empty', message: 'Send the file as the request body.', status: 400 })
}

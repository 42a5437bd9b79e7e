import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { withProblemDetails } from '@/app/api/route-handler'
import { requireAuthentication } from '@/lib/accounts/authenticate'
import { languageSchema } from '@/lib/captions/schema'
import { db } from '@/lib/database/db'
import { AppError } from '@/lib/errors'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { boss } from '@/lib/tasks/boss'
import { sanitizeText } from '@/lib/text/sanitize'
import { getTask } from '@/lib/tasks/queries'
import { uploadPartName, uploadsDir } from '@/lib/uploads/upload-paths'
import { uploadExpiry } from '@/lib/uploads/upload-expiry'
import { reserveUpload, extendReservation } from '@/lib/uploads/reserve-upload'
import { getVideo } from '@/lib/videos/queries'
import { registerVideo } from '@/lib/videos/register-video'
import { drainRequest } from '../middleware/drain-request'
import { createChecksum, createUploadStream } from './upload-checksum'

const querySchema = z.object({
  filename: z.string().min(1).overwrite(sanitizeText),
  language: languageSchema.optional(),
})

export const isVideoUpload = (request: IncomingMessage) =>
  request.method === 'POST' && /^\/api\/v1\/videos\/?(\?|$)/.test(request.url ?? '')

/**
 * `POST /api/v1/videos?filename=`: the raw file as body. It passes by Next.js, which reads a body as fast
 * as it comes and keeps in memory what the disk has not taken yet.
 */
export async function uploadVideo(request: IncomingMessage, response: ServerResponse) {
  const answer = await withProblemDetails(() => storeVideo(request))
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.end(await answer.text())
  drainRequest(request)
}

async function storeVideo(request: IncomingMessage) {
  const { id: ownerId } = await requireAuthentication(new Headers(request.headers as Record<string, string>))
  const { searchParams } = new URL(request.url!, 'http://here')
  const { filename, language } = querySchema.parse(Object.fromEntries(searchParams))
  const announced = Number(request.headers['content-length'] ?? 0)
  await mkdir(uploadsDir(), { recursive: true })
  const id = randomUUID()
  const file = path.join(uploadsDir(), uploadPartName(id))
  await reserveUpload(db(), { id, ownerId, filename, sizeBytes: announced, expiresAt: uploadExpiry() })
  try {
    const arrival = await writeBody(request, file, { id, ownerId })
    const { videoId, taskId } = await registerVideo(
      { db: db(), boss: await boss(), storage: configuredStorage() },
      {
        ownerId,
        path: file,
        filename,
        language,
        sizeBytes: arrival.sizeBytes,
        sha256: arrival.hash.digest('hex'),
      },
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

/** @throws {AppError} upload.empty, video.not_media, or that there is no room; the request itself stays open. */
async function writeBody(request: IncomingMessage, file: string, upload: { id: string; ownerId: string }) {
  const arrival = createChecksum()
  const isAnnounced = request.headers['content-length'] !== undefined
  const received = createUploadStream(
    arrival,
    isAnnounced ? undefined : (bytes) => extendReservation(db(), { ...upload, bytes }),
  )
  request.once('error', (error) => received.destroy(error))
  // Hung up before there was somebody to hear of it.
  if (request.destroyed && !request.complete) received.destroy(new Error('the sender hung up'))
  request.pipe(received)
  try {
    await pipeline(received, createWriteStream(file))
  } finally {
    request.unpipe(received)
  }
  if (arrival.sizeBytes > 0) return arrival
  throw new AppError({
    code: 'upload.empty',
    message: 'Send the file as the body of the request.',
    status: 400,
  })
}

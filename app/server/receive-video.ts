import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { withProblems } from '@/app/api/respond'
import { requireIdentity } from '@/lib/accounts/identity'
import { languageSchema } from '@/lib/captions/contract'
import { config } from '@/lib/config'
import { db } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { storage } from '@/lib/storage/this-storage'
import { boss } from '@/lib/tasks/boss'
import { plainText } from '@/lib/plain-text'
import { getTask } from '@/lib/tasks/queries'
import { partOf, uploadsDir } from '@/lib/uploads/expire'
import { announceUpload, promiseMore } from '@/lib/uploads/limits'
import { getVideo } from '@/lib/videos/queries'
import { registerVideo } from '@/lib/videos/register'
import { hearToTheEnd } from './hear-to-the-end'
import { newArrival, receiver } from './receive'

const querySchema = z.object({
  filename: z.string().min(1).overwrite(plainText),
  language: languageSchema.optional(),
})

export const isVideoPost = (request: IncomingMessage) =>
  request.method === 'POST' && /^\/api\/v1\/videos\/?(\?|$)/.test(request.url ?? '')

/**
 * `POST /api/v1/videos?filename=`: the raw file as body. It passes by Next.js, which reads a body as fast
 * as it comes and keeps in memory what the disk has not taken yet.
 */
export async function receiveVideo(request: IncomingMessage, response: ServerResponse) {
  const answer = await withProblems(() => store(request))
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.end(await answer.text())
  hearToTheEnd(request)
}

async function store(request: IncomingMessage) {
  const { id: ownerId } = await requireIdentity(new Headers(request.headers as Record<string, string>))
  const { searchParams } = new URL(request.url!, 'http://here')
  const { filename, language } = querySchema.parse(Object.fromEntries(searchParams))
  const announced = Number(request.headers['content-length'] ?? 0)
  await mkdir(uploadsDir(), { recursive: true })
  const id = randomUUID()
  const file = path.join(uploadsDir(), partOf(id))
  const expiresAt = new Date(Date.now() + config().UPLOAD_EXPIRES_HOURS * 3_600_000)
  await announceUpload(db(), { id, ownerId, filename, sizeBytes: announced, expiresAt })
  try {
    const arrival = await write(request, file, { id, ownerId })
    const { videoId, taskId } = await registerVideo(
      { db: db(), boss: await boss(), storage: storage() },
      {
        ownerId,
        path: file,
        filename,
        language,
        sizeBytes: arrival.bytes,
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
async function write(request: IncomingMessage, file: string, upload: { id: string; ownerId: string }) {
  const arrival = newArrival()
  const isAnnounced = request.headers['content-length'] !== undefined
  const received = receiver(
    arrival,
    isAnnounced ? undefined : (bytes) => promiseMore(db(), { ...upload, bytes }),
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
  if (arrival.bytes > 0) return arrival
  throw new AppError({
    code: 'upload.empty',
    message: 'Send the file as the body of the request.',
    status: 400,
  })
}

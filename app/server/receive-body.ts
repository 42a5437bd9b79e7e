import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { config } from '@/lib/config'
import { db } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { storage } from '@/lib/storage/this-storage'
import { boss } from '@/lib/tasks/boss'
import { uploadsDir } from '@/lib/uploads/expire'
import { checkRoom } from '@/lib/uploads/limits'
import { registerVideo } from '@/lib/videos/register'
import { newArrival, receiver } from './receive'

/** Stores the body of a request as a new video. @throws {AppError} as checkRoom, and upload.empty. */
export async function receiveBody(options: { request: Request; ownerId: string; filename: string }) {
  const { request, ownerId, filename } = options
  const announced = Number(request.headers.get('content-length') ?? 0)
  await checkRoom(db(), { ownerId, sizeBytes: announced })
  const empty = new AppError({
    code: 'upload.empty',
    message: 'Send the file as the body of the request.',
    status: 400,
  })
  if (!request.body) throw empty
  await mkdir(uploadsDir(), { recursive: true })
  const file = path.join(uploadsDir(), `${randomUUID()}.part`)
  const arrival = newArrival()
  try {
    const body = Readable.fromWeb(request.body as ReadableStream)
    await pipeline(body, receiver(arrival, config().UPLOAD_MAX_BYTES), createWriteStream(file))
    if (arrival.bytes === 0) throw empty
    // A body without a stated length is only known now.
    if (!announced) await checkRoom(db(), { ownerId, sizeBytes: arrival.bytes })
    return await registerVideo(
      { db: db(), boss: await boss(), storage: storage() },
      {
        ownerId,
        path: file,
        filename,
        sizeBytes: arrival.bytes,
        sha256: arrival.hash.digest('hex'),
      },
    )
  } finally {
    await rm(file, { force: true })
  }
}

import { rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { db } from '@/lib/database/db'
import type { Upload } from '@/lib/generated/prisma/client'
import { KeyedLock } from '@/lib/concurrency/keyed-lock'
import { log } from '@/lib/log'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { boss } from '@/lib/tasks/boss'
import { uploadInfoFile, uploadsDir } from '@/lib/uploads/upload-paths'
import { registerVideo } from '@/lib/videos/register-video'
import type { HashingStore } from './hashing-store'

const uploadLock = new KeyedLock()

/** Makes a video of an upload that has arrived whole. Done once: asked again, or at once, it tells the same video. */
export const finishUpload = (store: HashingStore, id: string) =>
  uploadLock.run(id, () => registerUpload(store, id))

async function registerUpload(store: HashingStore, id: string) {
  const upload = await db().upload.findUniqueOrThrow({ where: { id } })
  const { videoId, taskId, ownerId, filename } = upload
  if (videoId && taskId) return { videoId, taskId }
  const sizeBytes = Number(upload.sizeBytes)
  const registered = await registerVideo(
    { db: db(), boss: await boss(), storage: configuredStorage() },
    {
      ownerId,
      path: path.join(uploadsDir(), id),
      filename,
      sizeBytes,
      sha256: await store.takeChecksum(id, sizeBytes),
      uploadId: id,
      language: upload.language ?? undefined,
    },
  )
  await rm(uploadInfoFile(id), { force: true })
  return registered
}

type PendingUpload = Pick<Upload, 'id' | 'sizeBytes' | 'videoId'>

/** The same where all its bytes are here, though it is no video yet; otherwise, waits for whoever makes one of it. */
export const finishIfComplete = (store: HashingStore, upload: PendingUpload) =>
  uploadLock.run(
    upload.id,
    async () => void ((await isComplete(upload)) && (await registerUpload(store, upload.id))),
  )

async function isComplete({ id, sizeBytes, videoId }: PendingUpload) {
  if (videoId) return false
  const found = await stat(path.join(uploadsDir(), id)).catch(() => null)
  return found !== null && BigInt(found.size) === sizeBytes
}

/** Goes on with what arrived whole before this process was started; whoever sent it may have left. */
export async function finishCompletedUploads(store: HashingStore) {
  const waiting = await db().upload.findMany({ where: { videoId: null } })
  for (const upload of waiting)
    await finishIfComplete(store, upload).catch((error: unknown) =>
      log.warn({ err: error, uploadId: upload.id }, 'could not go on with an upload'),
    )
}

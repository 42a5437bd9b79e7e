import { rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { KeyedLock } from '@/lib/concurrency/keyed-lock'
import { db } from '@/lib/database/db'
import type { Upload } from '@/lib/generated/prisma/client'
import { log } from '@/lib/log'
import { configuredStorage } from '@/lib/storage/configured-storage'
import { boss } from '@/lib/tasks/boss'
import { uploadInfoFile, uploadsDir } from '@/lib/uploads/upload-paths'
import { registerVideo } from '@/lib/videos/register-video'
import type { HashingStore } from './hashing-store'

const uploadLock = new KeyedLock()

/** Registers a complete upload as a video. Idempotent: repeated or concurrent calls return the same video. */
export const finishUpload = (store: HashingStore, id: string) =>
  uploadLock.run(id, () => registerUpload(store, id))

async function registerUpload(store: HashingStore, id: string) {
  const upload = await db().upload.findUniqueOrThrow({ where: { id } })
  const { videoId, taskId, ownerId, filename } = upload
  if (videoId && taskId) return { videoId, taskId }
  const sizeBytes = Number(upload.sizeBytes)
  const registered = await registerVideo(
    { db: db(), boss: await boss(), storage: await configuredStorage() },
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

/** Registers an upload whose bytes are complete but which is no video yet. Waits for a registration in progress. */
export const finishIfComplete = (store: HashingStore, upload: PendingUpload) =>
  uploadLock.run(upload.id, async () => {
    if (await isUnregisteredButComplete(upload)) await registerUpload(store, upload.id)
  })

async function isUnregisteredButComplete({ id, sizeBytes, videoId }: PendingUpload) {
  if (videoId) return false
  const file = await stat(path.join(uploadsDir(), id)).catch(() => null)
  return file !== null && BigInt(file.size) === sizeBytes
}

/** Registers uploads that were completed before this process started; their clients may be gone. */
export async function finishCompletedUploads(store: HashingStore) {
  const unregistered = await db().upload.findMany({ where: { videoId: null } })
  for (const upload of unregistered)
    await finishIfComplete(store, upload).catch((error: unknown) =>
      log.warn({ err: error, uploadId: upload.id }, 'could not finish an upload'),
    )
}

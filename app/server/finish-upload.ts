import { rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { db } from '@/lib/db'
import { log } from '@/lib/log'
import { storage } from '@/lib/storage/this-storage'
import { boss } from '@/lib/tasks/boss'
import { uploadsDir } from '@/lib/uploads/expire'
import { registerVideo } from '@/lib/videos/register'
import type { HashingStore } from './hashing-store'

/** Makes a video of an upload that has arrived whole. Done once: asked again, it tells the same video. */
export async function finishUpload(store: HashingStore, id: string) {
  const upload = await db().upload.findUniqueOrThrow({ where: { id } })
  const { videoId, taskId, ownerId, filename } = upload
  if (videoId && taskId) return { videoId, taskId }
  const sizeBytes = Number(upload.sizeBytes)
  const registered = await registerVideo(
    { db: db(), boss: await boss(), storage: storage() },
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
  await rm(path.join(uploadsDir(), `${id}.json`), { force: true })
  return registered
}

/** Whether all its bytes are here, though it is no video yet: a crash came in between. */
export async function isWhole({
  id,
  sizeBytes,
  videoId,
}: {
  id: string
  sizeBytes: bigint
  videoId: string | null
}) {
  if (videoId) return false
  const found = await stat(path.join(uploadsDir(), id)).catch(() => null)
  return found !== null && BigInt(found.size) === sizeBytes
}

/** Goes on with what arrived whole before this process was started; whoever sent it may have left. */
export async function finishEarlierUploads(store: HashingStore) {
  const waiting = await db().upload.findMany({ where: { videoId: null } })
  for (const upload of waiting) {
    if (!(await isWhole(upload))) continue
    await finishUpload(store, upload.id).catch((error: unknown) =>
      log.warn({ err: error, uploadId: upload.id }, 'could not go on with an upload'),
    )
  }
}

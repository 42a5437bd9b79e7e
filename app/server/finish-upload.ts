import { rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { db } from '@/lib/db'
import type { Upload } from '@/lib/generated/prisma/client'
import { KeyedLock } from '@/lib/keyed-lock'
import { log } from '@/lib/log'
import { storage } from '@/lib/storage/this-storage'
import { boss } from '@/lib/tasks/boss'
import { infoOf, uploadsDir } from '@/lib/uploads/expire'
import { registerVideo } from '@/lib/videos/register'
import type { HashingStore } from './hashing-store'

const finishing = new KeyedLock()

/** Makes a video of an upload that has arrived whole. Done once: asked again, or at once, it tells the same video. */
export const finishUpload = (store: HashingStore, id: string) => finishing.run(id, () => finish(store, id))

async function finish(store: HashingStore, id: string) {
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
  await rm(infoOf(id), { force: true })
  return registered
}

type Arriving = Pick<Upload, 'id' | 'sizeBytes' | 'videoId'>

/** The same where all its bytes are here, though it is no video yet; otherwise, waits for whoever makes one of it. */
export const finishIfWhole = (store: HashingStore, upload: Arriving) =>
  finishing.run(upload.id, async () => void ((await isWhole(upload)) && (await finish(store, upload.id))))

async function isWhole({ id, sizeBytes, videoId }: Arriving) {
  if (videoId) return false
  const found = await stat(path.join(uploadsDir(), id)).catch(() => null)
  return found !== null && BigInt(found.size) === sizeBytes
}

/** Goes on with what arrived whole before this process was started; whoever sent it may have left. */
export async function finishEarlierUploads(store: HashingStore) {
  const waiting = await db().upload.findMany({ where: { videoId: null } })
  for (const upload of waiting)
    await finishIfWhole(store, upload).catch((error: unknown) =>
      log.warn({ err: error, uploadId: upload.id }, 'could not go on with an upload'),
    )
}

import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Upload } from '../generated/prisma/client'
import { sourceKey, videoKeys } from '../storage/keys'
import type { Storage } from '../storage/storage'
import { uploadsDir } from './upload-paths'

type ReceivedUpload = Pick<Upload, 'id' | 'filename' | 'sizeBytes' | 'storageWriteId'>

/** Removes what has arrived of an upload whose row is gone, or that starts again. Idempotent. */
export async function removeReceivedData(
  storage: Storage,
  { id, filename, sizeBytes, storageWriteId }: ReceivedUpload,
) {
  if (storageWriteId) {
    const write = { id: storageWriteId, key: sourceKey(id, filename), sizeBytes: Number(sizeBytes) }
    await storage.resumable?.abort(write)
  }
  // The file is there if it was stored and not registered.
  await storage.removeAll(videoKeys(id).folder)
  for (const name of await readdir(uploadsDir()).catch(() => []))
    if (path.parse(name).name === id) await rm(path.join(uploadsDir(), name), { force: true })
}

import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Upload } from '../generated/prisma/client'
import { sourceKey, videoKeys } from '../storage/keys'
import type { Storage } from '../storage/storage'
import { uploadsDir } from './upload-paths'

type ReceivedUpload = Pick<Upload, 'id' | 'filename' | 'sizeBytes' | 'storageWriteId'>

/** Removes what has arrived of an upload whose row is gone. Idempotent. */
export async function removeReceivedData(storage: Storage, upload: ReceivedUpload) {
  await abortWrite(storage, upload)
  // The file is there if it was stored and not registered.
  await storage.removeAll(videoKeys(upload.id).folder)
  for (const name of await listDataFiles(upload.id)) await rm(path.join(uploadsDir(), name), { force: true })
}

/** Removes what has arrived of an import that has begun again since, as its generations up to `last`. Idempotent. */
export async function removeGenerations(storage: Storage, upload: ReceivedUpload, last: number) {
  await abortWrite(storage, upload)
  for (const name of await listDataFiles(upload.id))
    if (Number(path.extname(name).slice(1)) <= last) await rm(path.join(uploadsDir(), name), { force: true })
}

async function abortWrite(storage: Storage, { id, filename, sizeBytes, storageWriteId }: ReceivedUpload) {
  if (!storageWriteId) return
  const write = { id: storageWriteId, key: sourceKey(id, filename), sizeBytes: Number(sizeBytes) }
  await storage.resumable?.abort(write)
}

const listDataFiles = async (id: string) =>
  (await readdir(uploadsDir()).catch(() => [])).filter((name) => path.parse(name).name === id)

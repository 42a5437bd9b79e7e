import { createWriteStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { ResumableWrite, ResumableWrites, Storage } from '@/lib/storage/storage'
import { importDataFile, uploadsDir } from '@/lib/uploads/upload-paths'

/** What has arrived of one version of a file of known size, which any later run of the task continues. */
export interface PartialFile {
  /** The number of bytes stored; all of them also after `complete`. */
  countBytes(): Promise<number>
  /** Appends `data` at `offset`, the number of bytes stored. If it rejects, some of `data` is stored. */
  append(offset: number, data: AsyncIterable<Buffer>): Promise<void>
  /** Makes all bytes the file at its key. Idempotent. @throws {Error} if bytes are missing */
  complete(): Promise<void>
}

interface Options {
  key: string
  sizeBytes: number
}

/** Collects the bytes in a file of this computer. */
export function openLocalPartialFile(
  storage: Storage,
  { key, sizeBytes, id, generation }: Options & { id: string; generation: number },
): PartialFile {
  const file = importDataFile(id, generation)
  const readSize = async () => (await stat(file).catch(() => null))?.size ?? 0
  // Only a complete file has the key.
  const isComplete = async () => (await storage.stat(key))?.sizeBytes === sizeBytes
  return {
    async countBytes() {
      const received = await readSize()
      return received === 0 && (await isComplete()) ? sizeBytes : received
    },
    async append(offset, data) {
      await mkdir(uploadsDir(), { recursive: true })
      await pipeline(data, createWriteStream(file, { flags: offset === 0 ? 'w' : 'r+', start: offset }))
    },
    async complete() {
      const received = await readSize()
      if (received === 0 && (await isComplete())) return
      if (received !== sizeBytes) throw new Error(`${key}: ${received} of ${sizeBytes} bytes are stored`)
      await storage.moveIn(key, file)
    },
  }
}

/** Sends the bytes on to the storage. `id` is the result of `begin`. */
export function openStoredPartialFile(
  writes: ResumableWrites,
  { key, sizeBytes, id }: ResumableWrite,
): PartialFile {
  const write = { id, key, sizeBytes }
  return {
    countBytes: async () => (await writes.countBytes(write)) ?? 0,
    append: (offset, data) => writes.append(write, { offset, data }),
    complete: () => writes.complete(write),
  }
}

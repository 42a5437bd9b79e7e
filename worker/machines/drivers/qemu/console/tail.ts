import type { FileHandle } from 'node:fs/promises'
import { openRegularFile } from '@/lib/storage/regular-file'

/** Limit on the retained console output. The log can grow far beyond it while no worker runs. */
export const MAX_TAIL_BYTES = 4 * 1024 ** 2

interface FileTail {
  bytes: Buffer
  /** File positions of the first byte and of the byte after the last. */
  start: number
  end: number
  /** Modification time of the file, in milliseconds since 1970. */
  atMs: number
}

interface TailOptions {
  /** Default: 0. A file that has been truncated since is read from its start. */
  fromBytes?: number
  /** Default: 4 MB. */
  maxBytes?: number
}

/** Reads the last bytes of a file. */
export async function readTail(
  path: string,
  { fromBytes = 0, maxBytes = MAX_TAIL_BYTES }: TailOptions = {},
): Promise<FileTail> {
  const file = await openRegularFile(path)
  if (!file) return { bytes: Buffer.alloc(0), start: 0, end: 0, atMs: 0 }
  try {
    const { size, mtimeMs } = await file.stat()
    const start = Math.max(fromBytes > size ? 0 : fromBytes, size - maxBytes)
    const bytes = await readByteRange(file, { start, end: size })
    return { bytes, start, end: start + bytes.length, atMs: mtimeMs }
  } finally {
    await file.close()
  }
}

/** Reads the bytes from `start` to `end` (exclusive); fewer if the file is shorter. */
export async function readByteRange(file: FileHandle, { start, end }: { start: number; end: number }) {
  const buffer = Buffer.alloc(end - start)
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start)
  return buffer.subarray(0, bytesRead)
}

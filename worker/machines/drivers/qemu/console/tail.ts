import { type FileHandle, open } from 'node:fs/promises'

/** What is kept of a console, in bytes; a guest prints as much as it likes while no worker is there. */
export const MAX_TAIL_BYTES = 4 * 1024 ** 2

interface FileTail {
  bytes: Buffer
  /** Where in the file they begin, and end. */
  start: number
  end: number
  /** When the file was last changed, in milliseconds since 1970. */
  atMs: number
}

/** What a file holds from byte `from` on, 4 MB at most: the last. One that was emptied since is read from its beginning. */
export async function readTail(path: string, from = 0): Promise<FileTail> {
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return { bytes: Buffer.alloc(0), start: 0, end: 0, atMs: 0 }
  try {
    const { size, mtimeMs } = await file.stat()
    const start = Math.max(from > size ? 0 : from, size - MAX_TAIL_BYTES)
    const bytes = await readByteRange(file, start, size)
    return { bytes, start, end: start + bytes.length, atMs: mtimeMs }
  } finally {
    await file.close()
  }
}

/** The bytes from `start` to before `end`, as far as the file has them. */
export async function readByteRange(file: FileHandle, start: number, end: number) {
  const buffer = Buffer.alloc(end - start)
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start)
  return buffer.subarray(0, bytesRead)
}

import { statfs } from 'node:fs/promises'

/** Free space on the file system of `dir` that an unprivileged process can use, in bytes. */
export async function readFreeDiskBytes(dir: string) {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}

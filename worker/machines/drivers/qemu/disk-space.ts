import { statfs } from 'node:fs/promises'

/** Free space on the file system of `dir` that an unprivileged process can use, in MiB. */
export async function readFreeDiskMiB(dir: string) {
  const { bavail, bsize } = await statfs(dir)
  return Math.floor((bavail * bsize) / 1024 ** 2)
}

/** True for ENOSPC in this process and for a child process that reports a full disk. */
export const isDiskFullError = (error: unknown) => /ENOSPC|no space left on device/i.test(String(error))

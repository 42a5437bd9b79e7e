import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'

/** Flags that open no symbolic link, and do not wait for the other side of a named pipe. */
const READ_NO_FOLLOW = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Opens a regular file for reading; null for anything else, such as a symbolic link, also if it changes meanwhile. */
export async function openRegularFile(file: string) {
  const handle = await open(file, READ_NO_FOLLOW).catch(() => null)
  if (!handle || (await handle.stat()).isFile()) return handle
  await handle.close()
  return null
}

/** The properties of a regular file; null for anything else, such as a symbolic link. */
export async function statRegularFile(file: string) {
  const stats = await lstat(file).catch(() => null)
  return stats?.isFile() ? stats : null
}

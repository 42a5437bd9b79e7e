import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { errorCode } from '../errors'

/** Errors of a path without a regular file: nothing, a symbolic link (ELOOP), a socket (ENXIO), or an unusable name. */
const NO_FILE_CODES = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']

/** Does not wait for the other side of a named pipe. */
const READ_NO_FOLLOW = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
/** Flags that create a file or append to it, and follow no symbolic link. */
export const APPEND_NO_FOLLOW =
  constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW

/** Opens a regular file for reading; null for anything else, such as a symbolic link. */
export async function openRegularFile(file: string) {
  const handle = await open(file, READ_NO_FOLLOW).catch(toNullIfNoFile)
  if (!handle || (await handle.stat()).isFile()) return handle
  await handle.close()
  return null
}

/** The content of a regular file as text; null for anything else, such as a symbolic link. */
export async function readRegularFile(file: string) {
  const handle = await openRegularFile(file)
  try {
    return handle && (await handle.readFile('utf8'))
  } finally {
    await handle?.close()
  }
}

/** The properties of a regular file; null for anything else, such as a symbolic link. */
export async function statRegularFile(file: string) {
  const stats = await lstat(file).catch(toNullIfNoFile)
  return stats?.isFile() ? stats : null
}

function toNullIfNoFile(error: unknown) {
  if (NO_FILE_CODES.includes(errorCode(error) ?? '')) return null
  throw error
}

import { closeSync, constants, ftruncateSync, openSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { statRegularFile } from '@/lib/storage/regular-file'

const REPLACE_NO_FOLLOW = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW

/** Removes what an emulator of an earlier version, which could write here, may have left in place of a file. */
export async function removeIfIrregular(file: string) {
  if (!(await statRegularFile(file))) await rm(file, { recursive: true, force: true })
}

/** Replaces the file itself, also where it is a link. */
export async function replaceFile(file: string, data: string | Buffer) {
  await writeFile(`${file}.new`, data, { mode: 0o600, flag: REPLACE_NO_FOLLOW })
  await rename(`${file}.new`, file)
}

/** Empties a file at once. @throws {Error} ELOOP for a symbolic link */
export function truncateNoFollow(file: string) {
  const fd = openSync(file, constants.O_WRONLY | constants.O_NOFOLLOW)
  try {
    ftruncateSync(fd)
  } finally {
    closeSync(fd)
  }
}

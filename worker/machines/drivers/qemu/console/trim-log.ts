import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { statRegularFile } from '@/lib/storage/regular-file'

const MAX_LOG_BYTES = 1024 ** 2

/**
 * Empties a log of an emulator that has grown too large: a guest can provoke warnings without end. The program appends,
 * so it continues at the start.
 */
export async function trimLog(file: string) {
  if (((await statRegularFile(file))?.size ?? 0) <= MAX_LOG_BYTES) return
  const handle = await open(file, constants.O_WRONLY | constants.O_NOFOLLOW)
  await handle.truncate().finally(() => handle.close())
}

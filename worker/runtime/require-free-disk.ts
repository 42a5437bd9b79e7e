import { PermanentError } from '@/lib/errors'
import { readFreeDiskBytes } from '@/lib/storage/free-disk'
import { formatBytes } from '@/lib/text/format-bytes'

/** Checks that an archive of this size fits on the disk. @throws {PermanentError} export.disk_full */
export async function requireFreeDisk(
  bytes: number,
  config: { DATA_DIR: string; DISK_RESERVE_BYTES: number },
) {
  const free = (await readFreeDiskBytes(config.DATA_DIR)) - config.DISK_RESERVE_BYTES
  if (bytes <= free) return
  throw new PermanentError({
    code: 'export.disk_full',
    message: `The archive needs ${formatBytes(bytes)}; the server has room for ${formatBytes(Math.max(0, free))}.`,
    advice: 'Download your largest videos one by one, delete them, and try again.',
  })
}

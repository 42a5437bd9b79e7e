import { PermanentError } from '@/lib/errors'
import { formatBytes } from '@/lib/text/format-bytes'
import { readUnreservedDiskBytes } from '@/lib/uploads/disk-reservations'
import type { TaskRun } from './handler'

/**
 * Reserves local disk space for an archive of this size while its task is in progress, among all tasks and uploads of all
 * computers. The more progress it reports, the less remains reserved.
 * @throws {PermanentError} export.disk_full
 */
export const reserveDisk = ({ taskId, write }: Pick<TaskRun<unknown>, 'taskId' | 'write'>, bytes: number) =>
  write(async (tx) => {
    const freeBytes = await readUnreservedDiskBytes(tx, { taskId })
    if (bytes > freeBytes) throw diskFull(bytes, Math.max(0, freeBytes))
    const reservation = { taskId, bytes: BigInt(bytes) }
    await tx.diskReservation.upsert({ where: { taskId }, create: reservation, update: reservation })
  })

const diskFull = (bytes: number, freeBytes: number) =>
  new PermanentError({
    code: 'export.disk_full',
    message: `The archive needs ${formatBytes(bytes)}; the server has room for ${formatBytes(freeBytes)}.`,
    advice: 'Download your largest videos one by one, delete them, and try again.',
  })

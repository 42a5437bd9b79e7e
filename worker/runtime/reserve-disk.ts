import { PermanentError } from '@/lib/errors'
import { formatBytes } from '@/lib/text/format-bytes'
import { readUnreservedDiskBytes } from '@/lib/uploads/disk-reservations'
import type { TaskRun } from './handler'
import * as messages from '@/lib/generated/messages/worker-errors'

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
    message: messages.diskFull({ size: formatBytes(bytes), free: formatBytes(freeBytes) }),
    advice: messages.diskFullAdvice(),
  })

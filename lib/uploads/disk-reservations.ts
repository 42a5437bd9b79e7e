import { config } from '../config/config'
import type { Tx } from '../database/db'
import { readFreeDiskBytes } from '../storage/free-disk'

/** What the caller has reserved itself, which does not count. */
type Own = { uploadId: string } | { taskId: string }

/**
 * Free disk space of the local storage that uploads and tasks have not reserved, in bytes; negative if they exceed it. What
 * they have written already occupies the disk, so only the rest counts. Serializes all reservations until `tx` ends, because
 * all of them are for the same disk.
 */
export async function readUnreservedDiskBytes(tx: Tx, own: Own) {
  const { DISK_RESERVE_BYTES, DATA_DIR } = config()
  const uploadId = 'uploadId' in own ? own.uploadId : null
  const taskId = 'taskId' in own ? own.taskId : null
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('meanwhile upload reservations'))`
  const [sums] = await tx.$queryRaw<{ uploadBytes: number; taskBytes: number }[]>`
    SELECT (
        SELECT coalesce(sum(greatest(0, "sizeBytes" - "receivedBytes")), 0) FROM upload
        WHERE "videoId" IS NULL AND id IS DISTINCT FROM ${uploadId}
      )::float8 AS "uploadBytes",
      (
        SELECT coalesce(sum(reserved.bytes * (1 - task.progress)), 0)
        FROM disk_reservation reserved JOIN task ON task.id = reserved."taskId"
        WHERE task.state = 'in_progress' AND task.id IS DISTINCT FROM ${taskId}::uuid
      )::float8 AS "taskBytes"`
  const { uploadBytes, taskBytes } = sums!
  return (await readFreeDiskBytes(DATA_DIR)) - DISK_RESERVE_BYTES - uploadBytes - taskBytes
}

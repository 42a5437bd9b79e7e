import { quotaOf } from '../accounts/quotas'
import type { Db, Tx } from '../database/db'

/**
 * Reads how much a user stores and may store, in bytes: sources, their indexed copies, renditions, images, downloads,
 * captions with their revisions, encrypted archives, and the reserved size of unfinished uploads except `exceptUploadId`.
 */
export async function readStorageUsage(
  tx: Tx | Db,
  { ownerId, exceptUploadId = '' }: { ownerId: string; exceptUploadId?: string },
) {
  // The size of a file that is being uploaded is that of its upload.
  const [row] = await tx.$queryRaw<{ usedBytes: number; archiveBytes: number; openUploads: number }[]>`
    SELECT (videos.bytes + renditions.bytes + captions.bytes + archives.bytes + uploads.bytes)::float8 AS "usedBytes",
      archives.bytes::float8 AS "archiveBytes", uploads.count::int AS "openUploads"
    FROM
      (SELECT coalesce(sum(CASE WHEN sha256 IS NULL THEN 0 ELSE "sizeBytes" END
          + coalesce("imageBytes", 0) + coalesce("indexedBytes", 0)), 0) AS bytes
        FROM video WHERE "ownerId" = ${ownerId}) videos,
      (SELECT coalesce(sum("segmentBytes" + coalesce("downloadBytes", 0)), 0) AS bytes
        FROM rendition JOIN video ON video.id = "videoId" WHERE "ownerId" = ${ownerId}) renditions,
      (SELECT coalesce(sum("storedBytes"), 0) AS bytes FROM caption WHERE "ownerId" = ${ownerId}) captions,
      (SELECT coalesce(sum("sizeBytes"), 0) AS bytes FROM archive WHERE "ownerId" = ${ownerId}) archives,
      (SELECT coalesce(sum("sizeBytes"), 0) AS bytes, count(*) FROM upload
        WHERE "ownerId" = ${ownerId} AND "videoId" IS NULL AND id <> ${exceptUploadId}) uploads`
  const quota = await quotaOf(tx, ownerId)
  return {
    usedBytes: row!.usedBytes,
    archiveBytes: row!.archiveBytes,
    limitBytes: quota.storageBytes,
    openUploads: row!.openUploads,
    maxOpenUploads: quota.openUploads,
  }
}

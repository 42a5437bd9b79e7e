import type { Db, Tx } from '../database/db'
import type { StorageDto } from './storage-breakdown-schema'
import { readStorageUsage } from './storage-usage'

const PARTS = ['sourceBytes', 'renditionBytes', 'captionBytes', 'otherBytes'] as const

type Part = (typeof PARTS)[number]
type VideoSizes = StorageDto['videos'][number]
type Row = VideoSizes & { trashSum: number } & Record<`${Part}Sum`, number>

/** What takes the storage of a user: by kind, and by video for the `limit` largest ones, 20 by default. */
export async function readStorageBreakdown(
  db: Db | Tx,
  { ownerId, limit = 20 }: { ownerId: string; limit?: number },
): Promise<StorageDto> {
  const [{ usedBytes, archiveBytes, limitBytes }, rows] = await Promise.all([
    readStorageUsage(db, { ownerId }),
    readVideoSizes(db, { ownerId, limit }),
  ])
  const [first] = rows
  const sums = Object.fromEntries(PARTS.map((part) => [part, first?.[`${part}Sum`] ?? 0])) as Record<
    Part,
    number
  >
  const stored = PARTS.reduce((sum, part) => sum + sums[part], 0)
  return {
    usedBytes,
    limitBytes,
    ...sums,
    // Both were read at slightly different times.
    uploadBytes: Math.max(0, usedBytes - stored - archiveBytes),
    archiveBytes,
    trashBytes: first?.trashSum ?? 0,
    videos: rows.map(({ id, title, isInTrash, totalBytes, ...sizes }) => ({
      id,
      title,
      isInTrash,
      totalBytes,
      sourceBytes: sizes.sourceBytes,
      renditionBytes: sizes.renditionBytes,
      captionBytes: sizes.captionBytes,
      otherBytes: sizes.otherBytes,
    })),
  }
}

/** Each row also has the sums over all videos. The whole file of a trimmed video belongs to that. */
const readVideoSizes = (db: Db | Tx, { ownerId, limit }: { ownerId: string; limit: number }) =>
  db.$queryRaw<Row[]>`
    WITH own AS (SELECT * FROM video WHERE "ownerId" = ${ownerId}),
    renditions AS (
      SELECT "videoId", sum("segmentBytes" + coalesce("downloadBytes", 0)) AS bytes
      FROM rendition WHERE "videoId" IN (SELECT id FROM own) GROUP BY "videoId"
    ),
    captions AS (
      SELECT "videoId", sum("storedBytes") AS bytes FROM caption WHERE "ownerId" = ${ownerId} GROUP BY "videoId"
    ),
    files AS (
      SELECT coalesce("wholeOfId", id) AS "shownId",
        -- The size of a file that is being uploaded is that of its upload.
        (CASE WHEN sha256 IS NULL THEN 0 ELSE "sizeBytes" END)::float8 AS "sourceBytes",
        coalesce(renditions.bytes, 0)::float8 AS "renditionBytes",
        coalesce(captions.bytes, 0)::float8 AS "captionBytes",
        (coalesce("imageBytes", 0) + coalesce("indexedBytes", 0))::float8 AS "otherBytes"
      FROM own LEFT JOIN renditions ON renditions."videoId" = id LEFT JOIN captions ON captions."videoId" = id
    ),
    sizes AS (
      SELECT id, title, "purgeAt" IS NOT NULL AS "isInTrash", sum("sourceBytes") AS "sourceBytes",
        sum("renditionBytes") AS "renditionBytes", sum("captionBytes") AS "captionBytes", sum("otherBytes") AS "otherBytes"
      FROM files JOIN own ON own.id = "shownId" GROUP BY id, title, "purgeAt"
    ),
    totals AS (
      SELECT *, "sourceBytes" + "renditionBytes" + "captionBytes" + "otherBytes" AS "totalBytes" FROM sizes
    )
    SELECT *, sum("sourceBytes") OVER () AS "sourceBytesSum", sum("renditionBytes") OVER () AS "renditionBytesSum",
      sum("captionBytes") OVER () AS "captionBytesSum", sum("otherBytes") OVER () AS "otherBytesSum",
      sum("totalBytes") FILTER (WHERE "isInTrash") OVER () AS "trashSum"
    FROM totals ORDER BY "totalBytes" DESC, id LIMIT ${limit}`

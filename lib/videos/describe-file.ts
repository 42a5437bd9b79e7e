import { databaseTimeMs } from '../cluster/database-clock'
import { Prisma, type Video } from '../generated/prisma/client'

const NOT_WHOLE = { wholeOfId: null, trimStartSeconds: null, trimEndSeconds: null }

/** What a video has that the schedule `videos.purge` destroys next. */
export function destroyed() {
  const now = new Date(databaseTimeMs())
  return { replacesId: null, ...NOT_WHOLE, deletedAt: now, purgeAt: now }
}

/** The columns that describe the file of a video. A test requires a choice for each column. */
export const FILE_COLUMNS = [
  'filename',
  'sizeBytes',
  'sha256',
  'sourceKey',
  'mediaInfo',
  'durationSeconds',
  'width',
  'height',
  'hasVideo',
  'posterKey',
  'storyboardKey',
  'hasCover',
  'imageBytes',
  'indexedBytes',
  'proof',
  'encoder',
  'isCut',
] as const satisfies readonly (keyof Video)[]

/** What a video has of its file, to give it to another one. */
export const describeFile = (video: Video) => ({
  ...(Object.fromEntries(FILE_COLUMNS.map((column) => [column, video[column]])) as Pick<
    Video,
    (typeof FILE_COLUMNS)[number]
  >),
  // Not left as those of the other file.
  mediaInfo: video.mediaInfo ?? Prisma.DbNull,
  proof: video.proof ?? Prisma.DbNull,
})

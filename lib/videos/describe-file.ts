import { databaseTimeMs } from '../cluster/database-clock'
import type { Video } from '../generated/prisma/client'

const NOT_WHOLE = { wholeOfId: null, trimStartSeconds: null, trimEndSeconds: null }

/** What a video has that the schedule `videos.purge` destroys next. */
export function destroyed() {
  const now = new Date(databaseTimeMs())
  return { replacesId: null, ...NOT_WHOLE, deletedAt: now, purgeAt: now }
}

/** The columns that describe the file of a video. */
export const describeFile = ({
  filename,
  sizeBytes,
  sha256,
  sourceKey,
  mediaInfo,
  durationSeconds,
  width,
  height,
  hasVideo,
  posterKey,
  storyboardKey,
  hasCover,
  imageBytes,
  indexedBytes,
  proof,
  encoder,
}: Video) => ({
  filename,
  sizeBytes,
  sha256,
  sourceKey,
  mediaInfo: mediaInfo ?? undefined,
  durationSeconds,
  width,
  height,
  hasVideo,
  posterKey,
  storyboardKey,
  hasCover,
  imageBytes,
  indexedBytes,
  proof: proof ?? undefined,
  encoder,
})

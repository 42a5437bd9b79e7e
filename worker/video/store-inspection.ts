import type { Tx } from '@/lib/database/db'
import { Prisma } from '@/lib/generated/prisma/client'
import { videoKeys } from '@/lib/storage/keys'
import type { ChapterDto } from '@/lib/videos/chapters'
import { planLadder } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'
import type { TaskRun } from '../runtime/handler'

/** What an inspection has found. */
export interface Inspection {
  info: MediaInfo
  chapters: ChapterDto[]
}

/** The rows of the renditions of a file, in order. */
export function planRenditions(info: MediaInfo) {
  const { source, encodes, audio } = planLadder(info)
  const rungs = [...(source ? [source] : []), ...encodes]
  return [
    ...rungs.map(({ name, mode, width, height, frameRate }) => ({ name, mode, width, height, frameRate })),
    ...audio.map(({ name, language, title, channels, renditionChannels }) => ({
      name,
      mode: 'audio' as const,
      language,
      label: title,
      channels: Math.min(channels, renditionChannels),
    })),
  ].map((rendition, position) => ({ ...rendition, position }))
}

/**
 * Writes what is known of the file, the rows of the planned renditions and the chapters. Chapters that the user has edited stay:
 * what the start of a file shows is stored before the rest, and the user may edit it from then on.
 */
export async function storeInspection(tx: Tx, videoId: string, { info, chapters }: Inspection) {
  const { durationSeconds } = info
  // First, because it locks the video.
  const { chaptersEditedAt } = await tx.video.update({
    where: { id: videoId },
    data: {
      mediaInfo: info,
      durationSeconds,
      hasVideo: info.video !== null,
      width: info.video?.width,
      height: info.video?.height,
    },
    select: { chaptersEditedAt: true },
  })
  await tx.rendition.createMany({
    data: planRenditions(info).map((rendition) => ({ ...rendition, videoId })),
    skipDuplicates: true,
  })
  if (chaptersEditedAt) return endLastChapter(tx, { videoId, durationSeconds })
  await tx.chapter.deleteMany({ where: { videoId } })
  await tx.chapter.createMany({ data: chapters.map((chapter, index) => ({ ...chapter, index, videoId })) })
}

/** The last chapter ends with the video, whose duration may be known better than when it was edited. */
async function endLastChapter(
  tx: Tx,
  { videoId, durationSeconds }: { videoId: string; durationSeconds: number },
) {
  const last = await tx.chapter.findFirst({ where: { videoId }, orderBy: { index: 'desc' } })
  if (!last || last.startSeconds >= durationSeconds) return
  const where = { videoId_index: { videoId, index: last.index } }
  await tx.chapter.update({ where, data: { endSeconds: durationSeconds } })
}

/** Counts the progress of renditions that were begun before the duration was known. */
export const countProgress = (tx: Tx, videoId: string) => tx.$executeRaw`
  UPDATE rendition SET progress = least(1, "segmentSeconds" / "durationSeconds")
  FROM video WHERE video.id = "videoId" AND video.id = ${videoId}::uuid`

/** Removes the renditions that were begun at the inspection or before. Idempotent. */
export async function removeRenditions({
  payload: { videoId },
  context: { storage },
  write,
}: Pick<TaskRun<{ videoId: string }>, 'payload' | 'context' | 'write'>) {
  const renditions = await write((tx) =>
    tx.rendition.findMany({ where: { videoId }, select: { name: true } }),
  )
  if (renditions.length === 0) return
  for (const { name } of renditions) await storage.removeAll(videoKeys(videoId).rendition(name))
  await write(async (tx) => {
    await tx.rendition.deleteMany({ where: { videoId } })
    await tx.video.updateMany({ where: { id: videoId }, data: { earlyInfo: Prisma.DbNull } })
  })
}

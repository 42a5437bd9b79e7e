import type { Tx } from '../database/db'
import type { Rendition, Video } from '../generated/prisma/client'

/** Whether a rendition has a download, with the present chapters of its video. */
export const hasCurrentDownload = (
  { downloadKey, downloadChaptersAt }: Pick<Rendition, 'downloadKey' | 'downloadChaptersAt'>,
  { chaptersEditedAt }: Pick<Video, 'chaptersEditedAt'>,
) => downloadKey !== null && downloadChaptersAt?.getTime() === chaptersEditedAt?.getTime()

/** Whether a download of a video has other chapters than the video has now. */
export async function hasOutdatedDownloads(tx: Tx, videoId: string) {
  const video = await tx.video.findUniqueOrThrow({
    where: { id: videoId },
    select: { chaptersEditedAt: true },
  })
  const renditions = await tx.rendition.findMany({
    where: { videoId, downloadKey: { not: null } },
    select: { downloadKey: true, downloadChaptersAt: true },
  })
  return renditions.some((rendition) => !hasCurrentDownload(rendition, video))
}

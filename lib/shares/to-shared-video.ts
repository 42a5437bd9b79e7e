import type { Db } from '../database/db'
import type { Share, Video } from '../generated/prisma/client'
import { selectChapters } from '../videos/chapters'
import { readVideoParts } from '../videos/read-video-parts'
import type { VideoDetailsDto } from '../videos/schema'
import { toVideoDetailsDto } from '../videos/to-video-dto'
import type { SharedVideoDto } from './schema'

/** The URL of a file of a video for viewers with `grant`. In a playlist, the id of the video follows the grant. */
export const toGrantedUrl = (
  url: string,
  { id, grant, isInPlaylist }: { id: string; grant: string; isInPlaylist: boolean },
) => url.replace(`/media/videos/${id}/`, `/media/shares/${grant}/${isInPlaylist ? `${id}/` : ''}`)

/** What a viewer gets of a video, with media URLs that `grant` opens. */
export async function readSharedVideo(
  db: Db,
  { video, share, grant }: { video: Video; share: SharedBy; grant: string },
) {
  const chapters = await db.chapter.findMany({ where: { videoId: video.id }, ...selectChapters })
  const partsOf = await readVideoParts(db, [video])
  return toSharedVideo({
    video: toVideoDetailsDto({ ...video, chapters, whole: null }, partsOf(video.id)),
    share,
    grant,
  })
}

type SharedBy = Pick<Share, 'isDownloadAllowed' | 'visibility' | 'passwordHash' | 'playlistId'>

function toSharedVideo({
  video,
  share,
  grant,
}: {
  video: VideoDetailsDto
  share: SharedBy
  grant: string
}): SharedVideoDto {
  const granted = (url: string) =>
    toGrantedUrl(url, { id: video.id, grant, isInPlaylist: share.playlistId !== null })
  const { title, state, isPlayable, hasVideo, hasCover, durationSeconds, width, height, chapters } = video
  return {
    title,
    state,
    isPlayable,
    hasVideo,
    hasCover,
    durationSeconds,
    width,
    height,
    chapters,
    renditions: video.renditions.map((rendition) => ({
      name: rendition.name,
      mode: rendition.mode,
      codec: rendition.codec,
      height: rendition.height,
      state: rendition.state,
    })),
    captions: video.captions
      .filter(({ cueCount }) => cueCount > 0)
      .map(({ id, language, label, urls }) => ({ id, language, label, url: granted(urls.vtt) })),
    downloads: share.isDownloadAllowed
      ? listFiles(video).map(({ name, url }) => ({ name, url: granted(url) }))
      : [],
    urls: {
      hls: granted(video.urls.hls),
      poster: video.urls.poster && granted(video.urls.poster),
      storyboard: video.urls.storyboard && granted(video.urls.storyboard),
      chapters: granted(video.urls.chapters),
    },
    visibility: share.visibility,
    hasPassword: share.passwordHash !== null,
    grant,
  }
}

const listFiles = ({ upload, urls, renditions }: VideoDetailsDto) => [
  ...(upload ? [] : [{ name: 'Original', url: urls.download }]),
  ...renditions.flatMap(({ name, downloadUrl }) => (downloadUrl ? [{ name, url: downloadUrl }] : [])),
]

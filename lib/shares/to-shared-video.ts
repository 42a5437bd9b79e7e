import type { Share } from '../generated/prisma/client'
import type { VideoDetailsDto } from '../videos/schema'
import type { SharedVideoDto } from './schema'

/** What a viewer gets of a video, with media URLs that `grant` opens. */
export function toSharedVideo({
  video,
  share,
  grant,
}: {
  video: VideoDetailsDto
  share: Pick<Share, 'isDownloadAllowed' | 'visibility' | 'passwordHash'>
  grant: string
}): SharedVideoDto {
  const granted = (url: string) => url.replace(`/media/videos/${video.id}/`, `/media/shares/${grant}/`)
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

import type { VideoDto } from '@/lib/videos/schema'

/** Downloads the uploaded files of videos: one as it is, several as one archive. */
export function downloadSources(videos: readonly VideoDto[]) {
  const link = document.createElement('a')
  link.href =
    videos.length === 1
      ? videos[0]!.urls.download
      : `/api/v1/sources?ids=${videos.map(({ id }) => id).join(',')}`
  link.download = ''
  link.click()
}

import type { CaptionDto } from '@/lib/captions/schema'
import type { RenditionDto, VideoDto } from '@/lib/videos/schema'

/** What the player needs of a video. */
export interface PlayableVideo extends Pick<
  VideoDto,
  'state' | 'hasVideo' | 'hasCover' | 'durationSeconds' | 'width' | 'height'
> {
  renditions: Pick<RenditionDto, 'mode' | 'codec' | 'height' | 'state'>[]
  urls: Pick<VideoDto['urls'], 'hls' | 'poster' | 'storyboard' | 'chapters'>
}

/** A caption track that is loaded as a whole from a WebVTT file, without live updates. */
export interface CaptionFile extends Pick<CaptionDto, 'id' | 'language' | 'label'> {
  url: string
}

import type { Rendition } from '../generated/prisma/client'

type PlayableRendition = Pick<Rendition, 'mode' | 'state'> & { segments: unknown[] }

/**
 * Whether playback can start: the video and all audio tracks have a segment, because players do not load a track that
 * appears later. An empty audio track is done without a segment.
 */
export function isPlayable(renditions: PlayableRendition[]) {
  const hasSegments = ({ segments }: PlayableRendition) => segments.length > 0
  const video = renditions.filter(({ mode }) => mode !== 'audio')
  const audio = renditions.filter(({ mode }) => mode === 'audio')
  if (video.length === 0) return audio.some(hasSegments)
  return video.some(hasSegments) && audio.every((track) => hasSegments(track) || track.state === 'done')
}

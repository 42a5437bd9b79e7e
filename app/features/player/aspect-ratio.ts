import type { PlayableVideo } from './playable-video'

/** Landscape video keeps its aspect ratio, portrait video and a cover are shown in 16:9, and audio gets a flat strip. */
export function getAspectRatio({ hasVideo, hasCover, width, height }: PlayableVideo) {
  if (hasVideo === false && !hasCover) return '16 / 5'
  return width && height && width > height ? `${width} / ${height}` : '16 / 9'
}

import type { Rendition, Segment } from '../generated/prisma/client'
import { INIT_FILE, segmentFile } from '../storage/keys'

const MAX_ENCODED_SEGMENT_SECONDS = 4
/** A copy is cut at the first key frame after so many seconds. */
const MIN_COPIED_SEGMENT_SECONDS = 3
const MAX_KEYFRAME_GAP_SECONDS = 12

type MediaRendition = Pick<Rendition, 'state' | 'mode'> & {
  segments: Pick<Segment, 'index' | 'durationSeconds'>[]
}

/**
 * Builds the HLS media playlist (RFC 8216) of one rendition, which has no end (EVENT) until the rendition is done.
 * `isGrowing` is false once the transcode has ended: the playlist of an unfinished rendition then ends with its last
 * segment, so that players do not wait for more. `keyframeGapSeconds` is that of a copied source, and `version` is appended to
 * the URLs of files.
 */
export function buildMediaPlaylist(
  rendition: MediaRendition,
  {
    isGrowing,
    keyframeGapSeconds = MAX_KEYFRAME_GAP_SECONDS,
    version = '',
  }: { isGrowing: boolean; keyframeGapSeconds?: number; version?: string },
) {
  const isDone = rendition.state === 'done'
  const longest = rendition.segments.reduce(
    (most, segment) => Math.max(most, Math.round(segment.durationSeconds)),
    1,
  )
  // The target duration must not change (RFC 8216, 4.3.3.1), so it cannot be that of the segments listed so far.
  const upperBound =
    rendition.mode === 'copy'
      ? Math.ceil(MIN_COPIED_SEGMENT_SECONDS + keyframeGapSeconds)
      : MAX_ENCODED_SEGMENT_SECONDS
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.max(upperBound, longest)}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-PLAYLIST-TYPE:${isDone ? 'VOD' : 'EVENT'}`,
    // Otherwise players may start near the end of a playlist without an end.
    ...(isDone ? [] : ['#EXT-X-START:TIME-OFFSET=0']),
    `#EXT-X-MAP:URI="${INIT_FILE}${version}"`,
    ...rendition.segments.map(
      (segment) => `#EXTINF:${segment.durationSeconds.toFixed(6)},\n${segmentFile(segment.index)}${version}`,
    ),
    ...(isDone || !isGrowing ? ['#EXT-X-ENDLIST'] : []),
    '',
  ].join('\n')
}

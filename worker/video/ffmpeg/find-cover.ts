import type { ProbedStream } from './ffprobe'

/** Shortest side in pixels. Smaller pictures are icons. */
const MIN_SIDE = 48

/**
 * The cover art of a file: the picture that is attached as the front cover, or the first one. ID3, FLAC and Ogg name the
 * type of a picture in a comment; Matroska names its file. The pictures of QuickTime chapters are none.
 */
export function findCover(streams: readonly ProbedStream[]) {
  const pictures = streams.filter(
    (s) =>
      s.disposition?.attached_pic === 1 &&
      s.disposition.timed_thumbnails !== 1 &&
      Math.min(s.width ?? 0, s.height ?? 0) >= MIN_SIDE,
  )
  return pictures.find(isFrontCover) ?? pictures[0]
}

const isFrontCover = ({ tags }: ProbedStream) =>
  /\bfront\b/i.test(tags?.comment ?? '') || /^cover\./i.test(tags?.filename ?? '')

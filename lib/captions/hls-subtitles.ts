import type { Db } from '../database/db'
import { notFound } from '../errors'
import { MAX_DURATION_SECONDS } from '../videos/media-info'
import { MEDIA_TIME_OFFSET_SECONDS } from '../videos/media-time'
import { captionLabel, UNKNOWN_LANGUAGE } from './label'
import { findCues } from './queries'
import { toWebVtt } from './serialize'

/** In ticks of MPEG time, 1/90,000 s. */
const MEDIA_START_TICKS = MEDIA_TIME_OFFSET_SECONDS * 90_000
const SEGMENT_SECONDS = 60

/** Lists the tracks that have cues, for the player's menu. */
export async function listSubtitleTracks(db: Db, videoId: string) {
  const rows = await db.caption.findMany({
    where: { videoId, cues: { some: { isRemoved: false } } },
    orderBy: { id: 'asc' },
  })
  return rows.map((row) => ({
    id: row.id,
    language: row.language === UNKNOWN_LANGUAGE ? null : row.language,
    label: captionLabel(row),
  }))
}

const SUBTITLE_PATH =
  /^(hls\/)?captions\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?:\.vtt|\/(?:(index)\.m3u8|(\d{1,6})\.vtt))$/

/** Whether `renderSubtitleFile` may have a file at this path. */
export const isSubtitlePath = (file: string) => SUBTITLE_PATH.test(file)

/**
 * Renders a caption file of a video: a track as WebVTT (`captions/ID.vtt`) or as an HLS rendition with one segment per
 * minute (RFC 8216, 3.5). Undefined for any other path. @throws {AppError} caption.not_found
 */
export async function renderSubtitleFile(db: Db, { videoId, file }: { videoId: string; file: string }) {
  const [, hls, id, index, segment] = SUBTITLE_PATH.exec(file) ?? []
  if (!id || Boolean(hls) !== Boolean(index ?? segment)) return undefined
  const caption = await db.caption.findFirst({ where: { id, videoId }, include: { video: true } })
  if (!caption) throw notFound('caption')
  const vtt = { type: 'text/vtt; charset=utf-8' }
  if (index) {
    const isComplete = caption.isReplacing || (caption.state !== 'queued' && caption.state !== 'in_progress')
    const playlist = buildSubtitlePlaylist({
      ...caption,
      isComplete,
      durationSeconds: caption.video.durationSeconds ?? 0,
    })
    return { content: playlist, type: 'application/vnd.apple.mpegurl' }
  }
  if (!segment) return { ...vtt, content: toWebVtt(await findCues(db, id)) }
  const from = Number(segment) * SEGMENT_SECONDS
  // A cue that extends past the segment is in the next one too.
  const cues = await findCues(db, id, {
    startSeconds: { lt: from + SEGMENT_SECONDS },
    endSeconds: { gt: from },
  })
  return { ...vtt, content: toWebVtt(cues, MEDIA_START_TICKS) }
}

/** Builds the playlist of a track, which grows (EVENT) during transcription: a segment is listed once it is final. */
export function buildSubtitlePlaylist(track: {
  durationSeconds: number
  doneSeconds: number
  isComplete: boolean
}) {
  // Videos uploaded before the limit was introduced may have any duration.
  const durationSeconds = Math.min(track.durationSeconds, MAX_DURATION_SECONDS)
  const all = Math.max(1, Math.ceil(durationSeconds / SEGMENT_SECONDS))
  const listed = track.isComplete ? all : Math.min(all, Math.floor(track.doneSeconds / SEGMENT_SECONDS))
  const lastSeconds = durationSeconds - (all - 1) * SEGMENT_SECONDS || SEGMENT_SECONDS
  const lines = Array.from({ length: listed }, (_, n) => {
    const seconds = n === all - 1 ? lastSeconds : SEGMENT_SECONDS
    return `#EXTINF:${seconds.toFixed(3)},\n${n}.vtt`
  })
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    `#EXT-X-PLAYLIST-TYPE:${track.isComplete ? 'VOD' : 'EVENT'}`,
    ...lines,
    ...(track.isComplete ? ['#EXT-X-ENDLIST'] : []),
    '',
  ].join('\n')
}

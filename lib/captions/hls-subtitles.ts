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

/** The tracks a player can choose from: those that have something to show. */
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

/**
 * What is served below a video's media for its captions: a whole track as WebVTT (`captions/ID.vtt`), or as an
 * HLS rendition, a minute per segment (RFC 8216, 3.5). Undefined for another file. @throws {AppError} caption.not_found
 */
export async function renderSubtitleFile(db: Db, { videoId, file }: { videoId: string; file: string }) {
  const [, hls, id, index, segment] = SUBTITLE_PATH.exec(file) ?? []
  if (!id || Boolean(hls) !== Boolean(index ?? segment)) return undefined
  const caption = await db.caption.findFirst({ where: { id, videoId }, include: { video: true } })
  if (!caption) throw notFound('caption')
  const vtt = { type: 'text/vtt; charset=utf-8' }
  if (index) {
    const isWhole = caption.state !== 'queued' && caption.state !== 'in_progress'
    const playlist = buildSubtitlePlaylist({
      ...caption,
      isWhole,
      durationSeconds: caption.video.durationSeconds ?? 0,
    })
    return { made: playlist, type: 'application/vnd.apple.mpegurl' }
  }
  if (!segment) return { ...vtt, made: toWebVtt(await findCues(db, id)) }
  const from = Number(segment) * SEGMENT_SECONDS
  // One that goes on behind a segment is in the next as well.
  const cues = await findCues(db, id, {
    startSeconds: { lt: from + SEGMENT_SECONDS },
    endSeconds: { gt: from },
  })
  return { ...vtt, made: toWebVtt(cues, MEDIA_START_TICKS) }
}

/** It grows (EVENT) while the track is made: a segment is in it when nothing more will come into it. */
export function buildSubtitlePlaylist(of: {
  durationSeconds: number
  doneSeconds: number
  isWhole: boolean
}) {
  // Videos of before the limit may state any length.
  const durationSeconds = Math.min(of.durationSeconds, MAX_DURATION_SECONDS)
  const all = Math.max(1, Math.ceil(durationSeconds / SEGMENT_SECONDS))
  const whole = of.isWhole ? all : Math.min(all, Math.floor(of.doneSeconds / SEGMENT_SECONDS))
  const lastSeconds = durationSeconds - (all - 1) * SEGMENT_SECONDS || SEGMENT_SECONDS
  const lines = Array.from({ length: whole }, (_, n) => {
    const seconds = n === all - 1 ? lastSeconds : SEGMENT_SECONDS
    return `#EXTINF:${seconds.toFixed(3)},\n${n}.vtt`
  })
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    `#EXT-X-PLAYLIST-TYPE:${of.isWhole ? 'VOD' : 'EVENT'}`,
    ...lines,
    ...(of.isWhole ? ['#EXT-X-ENDLIST'] : []),
    '',
  ].join('\n')
}

import { sanitizeMultilineText, sanitizeText, truncateText } from '@/lib/text/sanitize'
import type { VideoMetadata } from '@/lib/videos/media-info'
import type { ProbedFile } from './ffprobe'

const MAX_LENGTH = 200
const MAX_DESCRIPTION_LENGTH = 1_000
/** Clocks that were never set count from 1904 or 1970. No camera recorded files before 1991. */
const MIN_RECORDING_YEAR = 1991

/** Reads what the file states about its content. Names of tags differ by container, and in case. */
export function readMetadata({
  demuxer,
  format,
  streams,
}: Pick<ProbedFile, 'demuxer' | 'format' | 'streams'>) {
  // Ogg has no tags but those of its streams.
  const stated = demuxer === 'ogg' ? { ...streams[0]?.tags, ...format.tags } : format.tags
  const tags = new Map(Object.entries(stated ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  const read = (...names: string[]) =>
    names.map((name) => readLabel(tags.get(name), MAX_LENGTH)).find((value) => value !== null) ?? null
  return {
    title: read('title'),
    artist: read('artist', 'album_artist', 'author'),
    album: read('album'),
    date: readDate(read('date', 'date_released', 'date_recorded', 'year')) ?? readRecordingTime(read),
    description: readDescription(tags.get('description') || tags.get('synopsis') || tags.get('comment')),
  } satisfies VideoMetadata
}

/** Text of a file on one line, at most `maxLength` UTF-16 code units; null if nothing of it can be displayed. */
export const readLabel = (text: string | undefined, maxLength: number) =>
  sanitizeText(truncateText(text ?? '', maxLength)) || null

const readDescription = (text = '') =>
  sanitizeMultilineText(truncateText(text, MAX_DESCRIPTION_LENGTH)).trim() || null

/** A year, a month, a day or a time, as ID3, Vorbis comments and Exif (`2024:02:29 …`) write it. */
const DATE =
  /^(\d{4})(?:[-:/.](\d\d?)(?:[-:/.](\d\d?)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?)?)?)?$/i
/** As yt-dlp writes it. */
const COMPACT_DATE = /^(\d{4})(\d\d)(\d\d)$/

/** Normalizes a date whose format begins with the year; returns other text unchanged. Midnight in UTC is a day. */
export function readDate(text: string | null) {
  const [, year, month, day, time, zone = ''] = DATE.exec(text?.replace(COMPACT_DATE, '$1-$2-$3') ?? '') ?? []
  if (!year) return text
  const date = [year, month, day].flatMap((part) => part?.padStart(2, '0') ?? [])
  if (!isRealDate(date)) return text
  const isMidnight = /^00:00(:00)?$/.test(time ?? '') && /^(Z|[+-]00:?00)?$/i.test(zone)
  if (!time || isMidnight) return date.join('-')
  const offset = zone.toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')
  const normalized = `${date.join('-')}T${time}${offset}`
  return Number.isNaN(Date.parse(normalized)) ? text : normalized
}

function isRealDate([year, month = '01', day = '01']: string[]) {
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`)
  return year !== '0000' && !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day)
}

/** When a camera or a recorder created the file; null if its clock was not set. */
function readRecordingTime(read: (...names: string[]) => string | null) {
  const time = readDate(read('com.apple.quicktime.creationdate', 'creation_time'))
  return time && Number.parseInt(time, 10) >= MIN_RECORDING_YEAR ? time : null
}

import type { Rendition, Segment } from '../generated/prisma/client'
import { uniqueTrackNames } from './languages'

type PlaylistRendition = Pick<
  Rendition,
  'name' | 'mode' | 'state' | 'width' | 'height' | 'frameRate' | 'codecs' | 'language' | 'label'
> & {
  segments: Pick<Segment, 'index' | 'durationSeconds' | 'sizeBytes'>[]
}

/** A track of captions in the master playlist. */
export interface SubtitleTrack {
  id: string
  language: string | null
  label: string | null
}

/**
 * Whether there is something to play: a picture, and its sound. Who started with one of them alone
 * would not get the other. A track in which nothing was found is done without a segment.
 */
export function isPlayable(renditions: (Pick<Rendition, 'mode' | 'state'> & { segments: unknown[] })[]) {
  const hasBegun = ({ segments }: { segments: unknown[] }) => segments.length > 0
  const pictures = renditions.filter(({ mode }) => mode !== 'audio')
  const audio = renditions.filter(({ mode }) => mode === 'audio')
  if (pictures.length === 0) return audio.some(hasBegun)
  return pictures.some(hasBegun) && audio.every((track) => hasBegun(track) || track.state === 'done')
}

/**
 * The HLS multivariant playlist (RFC 8216) of what can be watched now: whole renditions, or, while
 * none is whole, those that have begun. Null while there is nothing to play.
 */
export function buildMasterPlaylist(
  renditions: PlaylistRendition[],
  subtitles: readonly SubtitleTrack[] = [],
) {
  if (!isPlayable(renditions)) return null
  const begun = renditions.filter((rendition) => rendition.segments.length > 0 && rendition.codecs)
  const audio = begun.filter((rendition) => rendition.mode === 'audio')
  const pictures = begun.filter((rendition) => rendition.mode !== 'audio')
  const whole = pictures.filter((rendition) => rendition.state === 'done')
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS']
  if (pictures.length === 0) {
    const [track] = audio
    if (track)
      lines.push(formatStreamInf({ codecs: [track.codecs!], rates: [track] }), `${track.name}/index.m3u8`)
    return `${lines.join('\n')}\n`
  }
  const names = uniqueTrackNames(audio)
  audio.forEach((track, n) => lines.push(formatAudioMedia({ track, name: names[n]!, isDefault: n === 0 })))
  const subtitleNames = uniqueTrackNames(subtitles)
  subtitles.forEach((track, n) => lines.push(formatSubtitleMedia({ track, name: subtitleNames[n]! })))
  // Whoever chooses the largest track needs as much as this.
  const sound = audio.toSorted((a, b) => peakBitrate([b]) - peakBitrate([a]))[0]
  for (const rendition of whole.length > 0 ? whole : pictures) {
    lines.push(
      formatStreamInf({
        codecs: [rendition.codecs!, ...(sound ? [sound.codecs!] : [])],
        rates: [rendition, ...(sound ? [sound] : [])],
        picture: rendition,
        audioGroup: sound && 'audio',
        subtitleGroup: subtitles.length > 0 ? 'subtitles' : undefined,
      }),
      `${rendition.name}/index.m3u8`,
    )
  }
  return `${lines.join('\n')}\n`
}

function formatAudioMedia(of: { track: PlaylistRendition; name: string; isDefault: boolean }) {
  const { name: folder, language } = of.track
  const tag = language ? `,LANGUAGE=${quoteAttribute(language)}` : ''
  const isDefault = of.isDefault ? 'YES' : 'NO'
  return `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME=${quoteAttribute(of.name)}${tag},DEFAULT=${isDefault},AUTOSELECT=YES,URI="${folder}/index.m3u8"`
}

function formatSubtitleMedia({ track, name }: { track: SubtitleTrack; name: string }) {
  const tag = track.language ? `,LANGUAGE=${quoteAttribute(track.language)}` : ''
  return `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME=${quoteAttribute(name)}${tag},DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions/${track.id}/index.m3u8"`
}

function formatStreamInf(of: {
  codecs: string[]
  rates: PlaylistRendition[]
  picture?: PlaylistRendition
  audioGroup?: string
  subtitleGroup?: string
}) {
  const peak = peakBitrate(of.rates)
  const mean = of.rates.reduce((sum, { segments }) => sum + meanBitrate(segments), 0)
  const parts = [
    `BANDWIDTH=${Math.ceil(peak)}`,
    `AVERAGE-BANDWIDTH=${Math.ceil(mean)}`,
    `CODECS="${of.codecs.join(',')}"`,
  ]
  if (of.picture)
    parts.push(
      `RESOLUTION=${of.picture.width}x${of.picture.height}`,
      `FRAME-RATE=${of.picture.frameRate!.toFixed(3)}`,
    )
  if (of.audioGroup) parts.push(`AUDIO="${of.audioGroup}"`)
  if (of.subtitleGroup) parts.push(`SUBTITLES="${of.subtitleGroup}"`)
  return `#EXT-X-STREAM-INF:${parts.join(',')}`
}

const peakBitrate = (renditions: PlaylistRendition[]) =>
  renditions.reduce((sum, { segments }) => sum + maxOf(segments.map(bitsPerSecond)), 0)

// A call takes fewer arguments than a long recording has segments.
const maxOf = (numbers: number[]) => numbers.reduce((most, one) => Math.max(most, one), 0)

const bitsPerSecond = ({ sizeBytes, durationSeconds }: PlaylistRendition['segments'][number]) =>
  (sizeBytes * 8) / Math.max(0.1, durationSeconds)

function meanBitrate(segments: PlaylistRendition['segments']) {
  const seconds = segments.reduce((sum, segment) => sum + segment.durationSeconds, 0)
  return (segments.reduce((sum, segment) => sum + segment.sizeBytes, 0) * 8) / Math.max(0.1, seconds)
}

const MAX_ENCODED_SEGMENT_SECONDS = 4
/** A copy is cut at the first key frame after three seconds, and those are twelve apart at most. */
const MAX_COPIED_SEGMENT_SECONDS = 15

type MediaRendition = Pick<PlaylistRendition, 'state' | 'mode' | 'segments'>

/**
 * The HLS media playlist of one rendition: it grows (EVENT) until the rendition is whole. `isGoingOn` is whether
 * anything is still done for it: what was canceled, or failed, ends with what there is, and nobody waits for more.
 */
export function buildMediaPlaylist(rendition: MediaRendition, { isGoingOn }: { isGoingOn: boolean }) {
  const isWhole = rendition.state === 'done'
  const longest = maxOf([1, ...rendition.segments.map((segment) => Math.round(segment.durationSeconds))])
  // It may not change while the list grows (RFC 8216, 4.3.3.1), so it foresees the longest to come.
  const foreseen = rendition.mode === 'copy' ? MAX_COPIED_SEGMENT_SECONDS : MAX_ENCODED_SEGMENT_SECONDS
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${isWhole ? longest : Math.max(foreseen, longest)}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-PLAYLIST-TYPE:${isWhole ? 'VOD' : 'EVENT'}`,
    '#EXT-X-MAP:URI="init.mp4"',
    ...rendition.segments.map(
      (segment) => `#EXTINF:${segment.durationSeconds.toFixed(6)},\n${segment.index}.m4s`,
    ),
    ...(isWhole || !isGoingOn ? ['#EXT-X-ENDLIST'] : []),
    '',
  ].join('\n')
}

// An attribute string of a playlist has no escapes: what would end it is left out.
const quoteAttribute = (text: string) => `"${text.replaceAll(/["\r\n]/g, '')}"`

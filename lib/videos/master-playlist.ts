import type { Rendition, Segment } from '../generated/prisma/client'
import { uniqueTrackNames } from './languages'
import { isPlayable } from './playable'
import { averageBitrate, peakBitrate } from './segment-bitrate'

type PlaylistRendition = Pick<
  Rendition,
  | 'name'
  | 'mode'
  | 'state'
  | 'extraCodec'
  | 'width'
  | 'height'
  | 'frameRate'
  | 'codecs'
  | 'language'
  | 'label'
> & {
  segments: Pick<Segment, 'index' | 'durationSeconds' | 'sizeBytes'>[]
}

/** A caption track in the master playlist. */
interface SubtitleTrack {
  id: string
  language: string | null
  label: string | null
}

/**
 * Builds the HLS multivariant playlist (RFC 8216) of the finished renditions, or of the started ones while none is
 * finished. Players start with the first one, which is in H.264; those in other codecs follow once they are finished.
 * Returns null while the video is not playable.
 */
export function buildMasterPlaylist(
  renditions: PlaylistRendition[],
  subtitles: readonly SubtitleTrack[] = [],
) {
  if (!isPlayable(renditions)) return null
  const started = renditions.filter(
    ({ segments, codecs, extraCodec, state }) =>
      segments.length > 0 && codecs && (!extraCodec || state === 'done'),
  )
  const audio = started.filter((rendition) => rendition.mode === 'audio')
  const video = started.filter((rendition) => rendition.mode !== 'audio')
  const finished = video.filter((rendition) => rendition.state === 'done')
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS']
  if (video.length === 0) {
    const [track] = audio
    if (track)
      lines.push(formatStreamInf({ codecs: [track.codecs!], rates: [track] }), `${track.name}/index.m3u8`)
    return `${lines.join('\n')}\n`
  }
  const names = uniqueTrackNames(audio)
  audio.forEach((track, n) => lines.push(formatAudioMedia({ track, name: names[n]!, isDefault: n === 0 })))
  const subtitleNames = uniqueTrackNames(subtitles)
  subtitles.forEach((track, n) => lines.push(formatSubtitleMedia({ track, name: subtitleNames[n]! })))
  // BANDWIDTH covers the combination with the largest audio track.
  const largestAudio = audio.toSorted((a, b) => peakBitrate(b.segments) - peakBitrate(a.segments))[0]
  for (const rendition of finished.length > 0 ? finished : video) {
    lines.push(
      formatStreamInf({
        codecs: [rendition.codecs!, ...(largestAudio ? [largestAudio.codecs!] : [])],
        rates: [rendition, ...(largestAudio ? [largestAudio] : [])],
        video: rendition,
        audioGroup: largestAudio && 'audio',
        subtitleGroup: subtitles.length > 0 ? 'subtitles' : undefined,
      }),
      `${rendition.name}/index.m3u8`,
    )
  }
  return `${lines.join('\n')}\n`
}

function formatAudioMedia(options: { track: PlaylistRendition; name: string; isDefault: boolean }) {
  const { name: folder, language } = options.track
  const tag = language ? `,LANGUAGE=${quoteAttribute(language)}` : ''
  const isDefault = options.isDefault ? 'YES' : 'NO'
  return `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME=${quoteAttribute(options.name)}${tag},DEFAULT=${isDefault},AUTOSELECT=YES,URI="${folder}/index.m3u8"`
}

function formatSubtitleMedia({ track, name }: { track: SubtitleTrack; name: string }) {
  const tag = track.language ? `,LANGUAGE=${quoteAttribute(track.language)}` : ''
  return `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME=${quoteAttribute(name)}${tag},DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions/${track.id}/index.m3u8"`
}

function formatStreamInf(options: {
  codecs: string[]
  /** The renditions played together, whose bitrates are added. */
  rates: PlaylistRendition[]
  video?: PlaylistRendition
  audioGroup?: string
  subtitleGroup?: string
}) {
  const { codecs, rates, video, audioGroup, subtitleGroup } = options
  const peak = rates.reduce((sum, { segments }) => sum + peakBitrate(segments), 0)
  const average = rates.reduce((sum, { segments }) => sum + averageBitrate(segments), 0)
  const parts = [
    `BANDWIDTH=${Math.ceil(peak)}`,
    `AVERAGE-BANDWIDTH=${Math.ceil(average)}`,
    `CODECS="${codecs.join(',')}"`,
  ]
  if (video)
    parts.push(`RESOLUTION=${video.width}x${video.height}`, `FRAME-RATE=${video.frameRate!.toFixed(3)}`)
  if (audioGroup) parts.push(`AUDIO="${audioGroup}"`)
  if (subtitleGroup) parts.push(`SUBTITLES="${subtitleGroup}"`)
  return `#EXT-X-STREAM-INF:${parts.join(',')}`
}

// Attribute strings of a playlist cannot contain escapes, so characters that would end one are removed.
const quoteAttribute = (text: string) => `"${text.replaceAll(/["\r\n]/g, '')}"`

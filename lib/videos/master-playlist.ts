import type { Rendition } from '../generated/prisma/client'
import { uniqueTrackNames } from './languages'
import { isPlayable } from './playable'
import { toBitrate } from './segment-totals'
import { pairSurround } from './surround'

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
  | 'channels'
  | 'segmentBytes'
  | 'segmentSeconds'
  | 'peakBitsPerSecond'
> & {
  /** At least the first one, if it is stored. */
  segments: unknown[]
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
 *
 * Tracks in 5.1 are in a second audio group, with the same names as in the first one (RFC 8216, 4.3.4.1.1); every rendition
 * is listed for both, those in stereo first. Both have the same BANDWIDTH, that of the larger one, because hls.js takes
 * variants of a rendition that differ in it for two qualities.
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
  const groups = groupAudio(audio)
  for (const { groupId, tracks } of groups) {
    const names = uniqueTrackNames(tracks)
    tracks.forEach((track, n) =>
      lines.push(formatAudioMedia({ track, groupId, name: names[n]!, isDefault: n === 0 })),
    )
  }
  const subtitleNames = uniqueTrackNames(subtitles)
  subtitles.forEach((track, n) => lines.push(formatSubtitleMedia({ track, name: subtitleNames[n]! })))
  const largest = findLargest(audio)
  const audioCodecs = new Set(audio.map(({ codecs }) => codecs!))
  for (const group of groups.length > 0 ? groups : [undefined])
    for (const rendition of finished.some(({ extraCodec }) => !extraCodec) ? finished : video)
      lines.push(
        formatStreamInf({
          codecs: [rendition.codecs!, ...audioCodecs],
          // BANDWIDTH covers the combination with the largest audio track.
          rates: [rendition, ...largest],
          averageRates: [rendition, ...findLargest(group?.tracks ?? [])],
          video: rendition,
          audioGroup: group?.groupId,
          subtitleGroup: subtitles.length > 0 ? 'subtitles' : undefined,
        }),
        `${rendition.name}/index.m3u8`,
      )
  return `${lines.join('\n')}\n`
}

/** The audio groups: stereo and, if any track has it, 5.1, in which the other tracks are in stereo too. */
function groupAudio(audio: PlaylistRendition[]) {
  const pairs = pairSurround(audio)
  const groups = [{ groupId: 'audio', tracks: pairs.map(({ stereo }) => stereo) }]
  if (pairs.some(({ surround }) => surround))
    groups.push({ groupId: 'surround', tracks: pairs.map(({ stereo, surround }) => surround ?? stereo) })
  return groups.filter(({ tracks }) => tracks.length > 0)
}

const findLargest = (audio: PlaylistRendition[]) =>
  audio.toSorted((a, b) => b.peakBitsPerSecond - a.peakBitsPerSecond).slice(0, 1)

const averageBitrate = ({ segmentBytes, segmentSeconds }: PlaylistRendition) =>
  toBitrate({ sizeBytes: Number(segmentBytes), durationSeconds: segmentSeconds })

function formatAudioMedia(options: {
  track: PlaylistRendition
  groupId: string
  name: string
  isDefault: boolean
}) {
  const { name: folder, language, channels } = options.track
  const tag = language ? `,LANGUAGE=${quoteAttribute(language)}` : ''
  const isDefault = options.isDefault ? 'YES' : 'NO'
  const count = channels ? `,CHANNELS="${channels}"` : ''
  return `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="${options.groupId}",NAME=${quoteAttribute(options.name)}${tag},DEFAULT=${isDefault},AUTOSELECT=YES${count},URI="${folder}/index.m3u8"`
}

function formatSubtitleMedia({ track, name }: { track: SubtitleTrack; name: string }) {
  const tag = track.language ? `,LANGUAGE=${quoteAttribute(track.language)}` : ''
  return `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME=${quoteAttribute(name)}${tag},DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="captions/${track.id}/index.m3u8"`
}

function formatStreamInf(options: {
  codecs: string[]
  /** The renditions played together, whose bitrates are added. */
  rates: PlaylistRendition[]
  /** Default: `rates`. */
  averageRates?: PlaylistRendition[]
  video?: PlaylistRendition
  audioGroup?: string
  subtitleGroup?: string
}) {
  const { codecs, rates, averageRates = rates, video, audioGroup, subtitleGroup } = options
  const peak = rates.reduce((sum, { peakBitsPerSecond }) => sum + peakBitsPerSecond, 0)
  const average = averageRates.reduce((sum, rendition) => sum + averageBitrate(rendition), 0)
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

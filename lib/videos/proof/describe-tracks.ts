import type { AudioTrackInfo, MediaInfo, VideoTrackInfo } from '../media-info'
import type { ProofSheet } from './schema'

type Track = ProofSheet['source']['tracks'][number]

/** Describes the tracks of a file in a line each. */
export const describeTracks = (info: MediaInfo): Track[] => [
  ...(info.video ? [{ kind: 'video' as const, description: describeVideo(info.video) }] : []),
  ...info.audio.map((track) => ({ kind: 'audio' as const, description: describeAudio(track) })),
  ...info.subtitles.map(({ codec, language, title }) => ({
    kind: 'subtitles' as const,
    description: join([codec, language, title]),
  })),
]

const describeVideo = (video: VideoTrackInfo) =>
  join([
    [video.codec, video.profile].filter(Boolean).join(' '),
    video.level && `level ${video.level}`,
    `${video.codedWidth} × ${video.codedHeight}`,
    `${Number(video.frameRate.toFixed(3))} fps${video.isVariableFrameRate ? ', variable' : ''}`,
    video.pixelFormat,
    video.isHdr && 'HDR',
    video.isInterlaced && 'interlaced',
    video.rotation !== 0 && `turned by ${video.rotation}°`,
    `key frames ≤ ${video.keyframeGapSeconds.toFixed(1)} s apart`,
    describePlace(video),
  ])

const describeAudio = (track: AudioTrackInfo) =>
  join([
    [track.codec, track.profile].filter(Boolean).join(' '),
    `${track.channels} channel${track.channels === 1 ? '' : 's'}`,
    `${track.sampleRate} Hz`,
    track.language,
    track.title,
    describePlace(track),
  ])

const describePlace = ({ startSeconds, endSeconds }: { startSeconds: number; endSeconds: number | null }) =>
  endSeconds !== null && `${startSeconds.toFixed(2)}–${endSeconds.toFixed(2)} s`

const join = (parts: (string | number | false | null)[]) => parts.filter(Boolean).join(', ')

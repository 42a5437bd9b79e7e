import * as messages from '@/lib/generated/messages/video-changes'
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
    video.level && messages.level({ level: video.level }),
    `${video.codedWidth} × ${video.codedHeight}`,
    (video.isVariableFrameRate ? messages.fpsVariable : messages.fps)({ rate: video.frameRate }),
    video.pixelFormat,
    video.isHdr && 'HDR',
    video.isInterlaced && messages.interlaced(),
    video.rotation !== 0 && messages.turnedTrack({ degrees: video.rotation }),
    messages.keyFrameGap({ seconds: video.keyframeGapSeconds }),
    describePlace(video),
  ])

const describeAudio = (track: AudioTrackInfo) =>
  join([
    [track.codec, track.profile].filter(Boolean).join(' '),
    messages.channels({ count: track.channels }),
    `${track.sampleRate} Hz`,
    track.language,
    track.title,
    describePlace(track),
  ])

const describePlace = ({ startSeconds, endSeconds }: { startSeconds: number; endSeconds: number | null }) =>
  endSeconds !== null && `${startSeconds.toFixed(2)}–${endSeconds.toFixed(2)} s`

const join = (parts: (string | number | false | null)[]) => parts.filter(Boolean).join(', ')

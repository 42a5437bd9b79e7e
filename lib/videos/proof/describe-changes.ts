import * as messages from '@/lib/generated/messages/video-changes'
import type { AudioPlan, Ladder } from '../ladder'
import type { MediaInfo, VideoTrackInfo } from '../media-info'
import type { Change } from './schema'

const HOLD_SECONDS = 0.1

/** Describes what the renditions have otherwise than the file, and why, in sentences for users. */
export function describeChanges(info: MediaInfo, ladder: Ladder): Change[] {
  return [
    ...(info.sourceDemuxer && info.sourceDemuxer !== info.demuxer ? [indexed()] : []),
    ...(info.video ? describePicture(info, info.video, ladder) : []),
    ...ladder.audio.flatMap((track) => describeSound(info, track)),
  ]
}

const indexed = (): Change => ({ change: messages.indexed(), reason: messages.indexedReason() })

function describePicture(info: MediaInfo, video: VideoTrackInfo, ladder: Ladder): Change[] {
  const smaller = ladder.encodes.map(({ name }) => name).join(', ')
  const encoded: Change[] = smaller
    ? [{ change: messages.encoded({ names: smaller }), reason: messages.encodedReason() }]
    : []
  if (ladder.source) return [{ change: messages.copied(), reason: messages.copiedReason() }, ...encoded]
  const endSeconds = video.endSeconds ?? info.durationSeconds
  const optional: (Change | false)[] = [
    video.codec !== 'h264' && {
      change: messages.notOffered(),
      reason: messages.codecReason({ codec: video.codec }),
    },
    video.codec === 'h264' && {
      change: messages.notOffered(),
      reason: messages.partlyReason(),
    },
    video.rotation !== 0 && {
      change: messages.turned({ degrees: video.rotation }),
      reason: messages.turnedReason(),
    },
    video.sampleAspectRatio !== 1 && {
      change: messages.stretched(),
      reason: messages.stretchedReason({ ratio: video.sampleAspectRatio }),
    },
    video.isInterlaced && {
      change: messages.deinterlaced(),
      reason: messages.deinterlacedReason(),
    },
    video.isHdr &&
      (video.isToneMapped
        ? { change: messages.toneMapped(), reason: messages.toneMappedReason() }
        : {
            change: messages.colorsKept(),
            reason: messages.colorsKeptReason(),
          }),
    video.hasAlpha && { change: messages.onBlack(), reason: messages.onBlackReason() },
    video.isVariableFrameRate && {
      change: messages.repeated(),
      reason: messages.repeatedReason(),
    },
    video.frameRate > 60 && { change: messages.reduced(), reason: messages.reducedReason() },
    video.startSeconds > HOLD_SECONDS && {
      change: messages.firstHeld({ seconds: video.startSeconds }),
      reason: messages.firstHeldReason(),
    },
    info.durationSeconds - endSeconds > HOLD_SECONDS && {
      change: messages.lastHeld({ seconds: info.durationSeconds - endSeconds }),
      reason: messages.lastHeldReason(),
    },
  ]
  return [...encoded, ...optional.filter((one) => one !== false)]
}

function describeSound(info: MediaInfo, track: AudioPlan): Change[] {
  const { name } = track
  if (track.isCopyable)
    return [{ change: messages.soundCopied({ name }), reason: messages.soundCopiedReason() }]
  const endSeconds = track.endSeconds ?? info.durationSeconds
  const optional: (Change | false)[] = [
    {
      change: messages.soundEncoded({ name }),
      reason:
        track.codec === 'aac' ? messages.soundPartlyReason() : messages.codecReason({ codec: track.codec }),
    },
    track.channels > 2 &&
      track.renditionChannels === 2 && {
        change: messages.mixed({ name }),
        reason: messages.mixedReason({ count: track.channels }),
      },
    track.startSeconds > HOLD_SECONDS && {
      change: messages.silenceFirst({ name, seconds: track.startSeconds }),
      reason: messages.silenceFirstReason(),
    },
    info.durationSeconds - endSeconds > HOLD_SECONDS && {
      change: messages.silenceLast({ name, seconds: info.durationSeconds - endSeconds }),
      reason: messages.silenceLastReason(),
    },
  ]
  return optional.filter((one) => one !== false)
}

import type { AudioPlan, Ladder } from '../ladder'
import type { MediaInfo, VideoTrackInfo } from '../media-info'
import type { Change } from './schema'

const HOLD_SECONDS = 0.1

/** Describes what the renditions have otherwise than the file, and why, in sentences for users. */
export function describeChanges(info: MediaInfo, ladder: Ladder): Change[] {
  return [
    ...(info.sourceDemuxer && info.sourceDemuxer !== info.demuxer ? [indexed] : []),
    ...(info.video ? describePicture(info, info.video, ladder) : []),
    ...ladder.audio.flatMap((track) => describeSound(info, track)),
  ]
}

const indexed: Change = {
  change: 'The tracks were copied into a container with an index, from 0 and without jumps.',
  reason: 'The container of the file has no index, and its clock may jump.',
}

function describePicture(info: MediaInfo, video: VideoTrackInfo, ladder: Ladder): Change[] {
  const smaller = ladder.encodes.map(({ name }) => name).join(', ')
  const encoded: Change[] = smaller
    ? [{ change: `Encoded as H.264 in ${smaller}.`, reason: 'Slow connections and small screens need less.' }]
    : []
  if (ladder.source)
    return [{ change: 'The original picture was copied.', reason: 'Every browser plays it.' }, ...encoded]
  const endSeconds = video.endSeconds ?? info.durationSeconds
  const optional: (Change | false)[] = [
    video.codec !== 'h264' && {
      change: 'The original picture is not offered.',
      reason: `Not every browser plays ${video.codec}.`,
    },
    video.codec === 'h264' && {
      change: 'The original picture is not offered.',
      reason: 'Browsers would not play all of it: see the details of its track.',
    },
    video.rotation !== 0 && {
      change: `Turned by ${video.rotation}°.`,
      reason: 'The file says how to turn it; not every player does.',
    },
    video.sampleAspectRatio !== 1 && {
      change: 'Stretched to square pixels.',
      reason: `Its pixels are ${video.sampleAspectRatio.toFixed(2)} times as wide as high.`,
    },
    video.isInterlaced && {
      change: 'Deinterlaced.',
      reason: 'Screens show whole pictures; the file has half pictures.',
    },
    video.isHdr &&
      (video.isToneMapped
        ? { change: 'Mapped from HDR to SDR.', reason: 'Every screen shows SDR.' }
        : {
            change: 'Colors were kept as they are.',
            reason: 'The file does not say how its HDR is to be converted.',
          }),
    video.hasAlpha && { change: 'Placed on black.', reason: 'Players show no transparency.' },
    video.isVariableFrameRate && {
      change: 'Pictures are repeated while nothing moves.',
      reason: 'Browsers take a longer picture for a gap.',
    },
    video.frameRate > 60 && { change: 'Reduced to 60 pictures per second.', reason: 'Screens show no more.' },
    video.startSeconds > HOLD_SECONDS && {
      change: `The first picture is held for ${video.startSeconds.toFixed(1)} s.`,
      reason: 'The sound starts earlier than the picture.',
    },
    info.durationSeconds - endSeconds > HOLD_SECONDS && {
      change: `The last picture is held for ${(info.durationSeconds - endSeconds).toFixed(1)} s.`,
      reason: 'The sound ends later than the picture.',
    },
  ]
  return [...encoded, ...optional.filter((one) => one !== false)]
}

function describeSound(info: MediaInfo, track: AudioPlan): Change[] {
  if (track.isCopyable) return [{ change: `${track.name}: copied.`, reason: 'Every browser plays its AAC.' }]
  const endSeconds = track.endSeconds ?? info.durationSeconds
  const optional: (Change | false)[] = [
    {
      change: `${track.name}: encoded as AAC.`,
      reason:
        track.codec === 'aac'
          ? 'Browsers would not play all of it: profile, channels or holes.'
          : `Not every browser plays ${track.codec}.`,
    },
    track.channels > 2 &&
      track.renditionChannels === 2 && {
        change: `${track.name}: mixed to stereo.`,
        reason: `It has ${track.channels} channels.`,
      },
    track.startSeconds > HOLD_SECONDS && {
      change: `${track.name}: silence for the first ${track.startSeconds.toFixed(1)} s.`,
      reason: 'The picture starts earlier than the sound.',
    },
    info.durationSeconds - endSeconds > HOLD_SECONDS && {
      change: `${track.name}: silence for the last ${(info.durationSeconds - endSeconds).toFixed(1)} s.`,
      reason: 'The picture ends later than the sound.',
    },
  ]
  return optional.filter((one) => one !== false)
}

import { stat } from 'node:fs/promises'
import { detectDemuxer, notMediaError } from '@/lib/videos/containers'
import { PermanentError } from '@/lib/errors'
import { MAX_DURATION_SECONDS, type MediaInfo } from '@/lib/videos/media-info'
import { describeAudio, describeVideo, describeSubtitles, displayGeometry } from './describe-streams'
import { unreadableVideo } from '@/worker/media/unreadable-video'
import { measureDuration, readStreams, type ProbedStream } from './ffprobe'

const MAX_PIXELS = 8192 * 8192
/** Longest side that H.264 encoders accept. */
const MAX_SIDE_PIXELS = 16_384
/** Largest height divided by width, at which ten thumbnails in a storyboard column reach the height limit of JPEG. */
const MAX_HEIGHT_TO_WIDTH = 40
const STILL_IMAGE_CODECS = ['mjpeg', 'png', 'bmp', 'gif']
const ENCRYPTED_CODEC_TAGS = ['encv', 'enca', 'drmi', 'drms', 'p608']

/**
 * Inspects a media file in the sandbox. An abort kills the program and throws the signal's reason.
 * @throws {PermanentError} video.not_media, .unreadable, .no_streams, .protected, .too_long, .too_large or .too_narrow
 */
export async function probeMedia(options: {
  path: string
  signal: AbortSignal
  memoryBytes: number
}): Promise<MediaInfo> {
  const demuxer = await detectDemuxer(options.path)
  if (!demuxer) throw new PermanentError(notMediaError)
  const target = { ...options, demuxer }
  const { streams, packets, format } = await readStreams(target)
  assertNotProtected(streams)
  const videos = streams.filter(
    (s) => s.codec_type === 'video' && !s.disposition?.attached_pic && s.width && s.height,
  )
  // Some files contain their cover as an unmarked video track.
  const video = videos.find((s) => !STILL_IMAGE_CODECS.includes(s.codec_name)) ?? videos[0]
  const audio = streams.filter((s) => s.codec_type === 'audio' && s.channels && s.codec_name !== 'unknown')
  if (!video && audio.length === 0) throw noStreams(streams)
  if (video) assertSupportedSize(video)

  const statedSeconds = format?.duration ?? Math.max(0, ...streams.map((s) => s.duration ?? 0))
  const isPlausible = statedSeconds > 0 && statedSeconds <= MAX_DURATION_SECONDS
  const durationSeconds = isPlausible ? statedSeconds : await measureDuration(target)
  if (!(durationSeconds > 0)) throw unreadableVideo('it contains no frames')
  if (durationSeconds > MAX_DURATION_SECONDS) throw tooLong(durationSeconds)
  const { size: sizeBytes } = await stat(options.path)
  return {
    demuxer,
    durationSeconds,
    sizeBytes,
    bitsPerSecond: Math.round((sizeBytes * 8) / durationSeconds),
    video: video ? describeVideo({ stream: video, packets, demuxer, durationSeconds }) : null,
    audio: audio.map((stream) => describeAudio(stream, packets)),
    subtitles: streams.filter((s) => s.codec_type === 'subtitle').map(describeSubtitles),
  }
}

function assertNotProtected(streams: ProbedStream[]) {
  if (!streams.some((s) => ENCRYPTED_CODEC_TAGS.includes(s.codec_tag_string))) return
  throw new PermanentError({
    code: 'video.protected',
    message: 'This file is copy-protected (DRM), so it cannot be processed.',
    advice: 'Upload a copy without protection.',
  })
}

function noStreams(streams: ProbedStream[]) {
  const hasUnknown = streams.some((s) => s.codec_type === 'video' || s.codec_type === 'audio')
  return new PermanentError({
    code: 'video.no_streams',
    message: hasUnknown
      ? 'The video and audio in this file are in an unsupported format.'
      : 'This file contains neither video nor audio.',
    advice: 'Check that it plays on your computer, export it as MP4 and upload it again.',
  })
}

const formatHours = (seconds: number) => Math.round(seconds / 3600).toLocaleString('en')

const tooLong = (seconds: number) =>
  new PermanentError({
    code: 'video.too_long',
    message: `This file is ${formatHours(seconds)} hours long, which is longer than can be processed.`,
    advice: `Split it into parts of ${formatHours(MAX_DURATION_SECONDS)} hours or less.`,
  })

function assertSupportedSize(stream: ProbedStream) {
  const { width, height } = displayGeometry(stream)
  const coded = stream.width! * stream.height!
  if (Math.max(coded, width * height) > MAX_PIXELS || Math.max(width, height) > MAX_SIDE_PIXELS)
    throw new PermanentError({
      code: 'video.too_large',
      message: `The video is ${width} × ${height} pixels, larger than can be processed.`,
      advice: 'Export it at 8192 × 8192 or less, with square pixels.',
    })
  if (width === 0 || height > MAX_HEIGHT_TO_WIDTH * width)
    throw new PermanentError({
      code: 'video.too_narrow',
      message: `The video is ${width} × ${height} pixels, narrower than can be processed.`,
      advice: 'Export it with square pixels, and upload it again.',
    })
}

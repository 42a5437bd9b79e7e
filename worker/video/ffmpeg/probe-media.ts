import { stat } from 'node:fs/promises'
import { MAX_DURATION_SECONDS, type MediaInfo } from '@/lib/videos/media-info'
import { findCover } from './find-cover'
import { canToneMap } from './check-tone-mapping'
import { describeAudio, describeVideo, describeSubtitles, isStatedWebSafe } from './describe-streams'
import { unreadableVideo } from '@/worker/media/unreadable-video'
import { type DemuxerReports, NO_REPORTS } from './demuxer-reports'
import type { ProbedFile, ProbedStream } from './ffprobe'
import { locateDamage } from './locate-damage'
import { measureTracks } from './measure-tracks'
import { type OpenedMedia, withMedia } from './open-media'
import { hasUniformPicture } from './picture-parameters'
import { readMetadata } from './read-metadata'
import { assertNotProtected, assertSupportedSize, noStreams, tooLong } from './refuse-media'
import type { TrackTimes } from './track-times'

const STILL_IMAGE_CODECS = ['mjpeg', 'png', 'bmp', 'gif']

interface ProbeOptions {
  path: string
  /** The file, if it is open. */
  media?: OpenedMedia
  /** A copy of the file, whose tracks are described instead. */
  copyPath?: string | null
  /** What the demuxer reported when the copy was written. */
  reports?: DemuxerReports
  /**
   * Called with what the start of the file shows of it, as if the rest were as its headers state. Not for containers
   * without headers that state the duration, unless it is assumed.
   */
  onStart?(info: Promise<MediaInfo>): void
  assumedSeconds?: number
  /** Of each track, for `onStart`. Default: more than a player loads at first. */
  minStartSeconds?: number
  signal: AbortSignal
  memoryBytes: number
}

/**
 * Inspects a media file in the sandbox. An abort kills the program and throws the signal's reason.
 * @throws {PermanentError} video.not_media, .unreadable, .no_streams, .protected, .too_long, .too_large or .too_narrow
 */
export function probeMedia(options: ProbeOptions): Promise<MediaInfo> {
  const { media } = options
  return media ? probeOpened(options, media) : withMedia(options, (opened) => probeOpened(options, opened))
}

async function probeOpened(options: ProbeOptions, media: OpenedMedia) {
  const { copyPath } = options
  const { source } = media
  assertNotProtected(source.streams)
  const { size: sizeBytes } = await stat(options.path)
  const original = { ...options, source, sizeBytes }
  if (!copyPath) return probeTracks(original, media)
  const copy = { ...original, path: copyPath }
  return withMedia(copy, (opened) => probeTracks(copy, opened))
}

async function probeTracks(
  {
    copyPath,
    reports = NO_REPORTS,
    onStart,
    assumedSeconds,
    ...options
  }: ProbeOptions & { source: ProbedFile; sizeBytes: number },
  media: OpenedMedia,
): Promise<MediaInfo> {
  const { source } = options
  const { streams, demuxer } = media.source
  const videos = streams.filter(
    (s) => s.codec_type === 'video' && !s.disposition?.attached_pic && s.width && s.height,
  )
  // Some files contain their cover as an unmarked video track.
  const video = videos.find((s) => !isStillImage(s)) ?? videos[0]
  const audio = streams.filter((s) => s.codec_type === 'audio' && s.channels && s.codec_name !== 'unknown')
  if (!video && audio.length === 0) throw noStreams(streams)
  if (video) assertSupportedSize(video)

  const found = { ...options, demuxer, videos, video, audio }
  const statedSeconds = readStatedSeconds(source) || assumedSeconds
  const describeStart = (tracks: Map<number, TrackTimes>) => {
    if (!statedSeconds || statedSeconds > MAX_DURATION_SECONDS) return
    for (const times of tracks.values()) times.endAt(statedSeconds)
    onStart!(describeMedia({ ...found, tracks, durationSeconds: statedSeconds, reports: NO_REPORTS }))
  }
  const mayCopy = video && isStatedWebSafe(video, { container: source.demuxer })
  const [{ tracks, reports: scanned }, isUniform] = await Promise.all([
    measureTracks({
      ...options,
      demuxer,
      video,
      audio,
      scans: media.scans,
      onStart: onStart && describeStart,
    }),
    mayCopy ? hasUniformPicture({ ...options, demuxer, streamIndex: video.index }) : false,
  ])
  const measured = [...tracks.values()].filter(({ packets }) => packets > 0)
  const durationSeconds = Math.max(
    readAnimationSeconds(source),
    ...measured.map(({ endSeconds }) => endSeconds),
  )
  if (!(durationSeconds > 0)) throw unreadableVideo('noFrames')
  if (durationSeconds > MAX_DURATION_SECONDS) throw tooLong(durationSeconds)
  const info = await describeMedia({
    ...found,
    tracks,
    durationSeconds,
    reports: copyPath ? reports : scanned,
  })
  if (info.video) info.video.isWebSafe &&= isUniform
  return info
}

interface FoundTracks extends Pick<ProbeOptions, 'path' | 'signal' | 'memoryBytes'> {
  demuxer: string
  source: ProbedFile
  videos: ProbedStream[]
  video: ProbedStream | undefined
  audio: ProbedStream[]
  sizeBytes: number
  tracks: Map<number, TrackTimes>
  durationSeconds: number
  reports: DemuxerReports
}

async function describeMedia(found: FoundTracks): Promise<MediaInfo> {
  const { demuxer, source, videos, video, sizeBytes, tracks, durationSeconds, reports } = found
  const container = source.demuxer
  const hasPackets = ({ index }: ProbedStream) => tracks.get(index)!.packets > 0
  const timesOf = ({ index }: ProbedStream) => ({ times: tracks.get(index)!, durationSeconds })
  const audio = found.audio.filter(hasPackets)
  const videoInfo = video && hasPackets(video) ? describeVideo(video, { ...timesOf(video), container }) : null
  if (videoInfo?.isHdr) videoInfo.isToneMapped = await canToneMap({ ...found, video: videoInfo })
  return {
    demuxer,
    durationSeconds,
    damage: locateDamage({
      video: videoInfo ? tracks.get(video!.index) : undefined,
      audio: audio.map(({ index }) => tracks.get(index)!),
      reports,
      durationSeconds,
    }),
    sourceDemuxer: container,
    statedSeconds: readStatedSeconds(source) ?? durationSeconds,
    sizeBytes,
    bitsPerSecond: Math.round((sizeBytes * 8) / durationSeconds),
    video: videoInfo,
    unusedVideoTracks: Math.max(0, videos.filter((s) => s === video || !isStillImage(s)).length - 1),
    audio: audio.map((stream) => describeAudio(stream, timesOf(stream))),
    subtitles: source.streams.filter((s) => s.codec_type === 'subtitle').map(describeSubtitles),
    coverIndex: findCover(source.streams)?.index ?? null,
    metadata: readMetadata(source),
  }
}

/** How long an animation is, with the time of its last picture, which its indexed copy does not state; 0 for others. */
const readAnimationSeconds = ({ demuxer, format }: ProbedFile) =>
  ['gif', 'apng'].includes(demuxer) ? (format.duration ?? 0) : 0

const isStillImage = (s: ProbedStream) => STILL_IMAGE_CODECS.includes(s.codec_name)

/** Containers whose headers state the duration; others are estimated from the bit rate or from parts of the file. */
const STATING_CONTAINERS = ['mov', 'matroska', 'avi', 'wav', 'flac', 'asf', 'flv']

function readStatedSeconds({ demuxer, format, streams }: ProbedFile) {
  const { start_time: start = 0 } = format
  const duration = withoutChapterTrack(format.duration ?? 0, streams)
  if (!STATING_CONTAINERS.includes(demuxer) || duration > MAX_DURATION_SECONDS) return undefined
  // Some recorders state when the recording ends on their clock, not how long it is.
  return start > 1 && duration > start ? duration - start : duration
}

/**
 * A chapter track may be longer than picture and sound: ffmpeg adds up to a second of it to the duration, which is also
 * that of a cover.
 */
function withoutChapterTrack(duration: number, streams: ProbedStream[]) {
  if (!streams.some((s) => s.codec_type === 'data')) return duration
  const played = streams.filter((s) => s.codec_type !== 'data' && !s.disposition?.attached_pic)
  const longest = Math.max(0, ...played.map((s) => s.duration ?? 0))
  return longest > duration - 1 ? Math.min(duration, longest) : duration
}

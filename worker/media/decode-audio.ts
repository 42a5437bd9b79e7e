import type { AudioTrackInfo, MediaInfo } from '@/lib/videos/media-info'
import { MEDIA_TIME_OFFSET_SECONDS } from '@/lib/videos/media-time'
import { runSandboxed } from '../process/sandbox'
import { inputArgs, quietArgs } from './input-args'
import { mixFilters } from './mix-filters'

const SAMPLE_RATE = 48_000

export interface DecodeOptions {
  sourcePath: string
  info: MediaInfo
  /** `renditionChannels` are those of the decoded sound; default: stereo. */
  tracks: (AudioTrackInfo & { renditionChannels?: number })[]
  /** Default: 0. */
  fromSeconds?: number
  signal: AbortSignal
  memoryBytes: number
  wallClockMs: number
  niceness?: number
}

/**
 * Decodes audio tracks to PCM in a NUT stream, for a second process that filters and encodes them with
 * `decodedAudioArgs`: where the rate or the channels of a track change, ffmpeg replaces all filters of a process, and those
 * that fill from 0 on would start again.
 */
export function decodeAudio(options: DecodeOptions) {
  const { info, tracks, sourcePath, fromSeconds = 0 } = options
  const seek = fromSeconds > 0 ? ['-ss', fromSeconds.toFixed(3)] : []
  const { stdout, pipes, exited } = runSandboxed({
    ...options,
    program: 'ffmpeg',
    inputPath: sourcePath,
    pipes: 1 + tracks.length,
    args: [
      ...quietArgs,
      // Shows that it makes progress, also before the first sound.
      '-progress',
      'pipe:1',
      ...inputArgs(info.demuxer, ['-fflags', '+discardcorrupt', ...seek]),
      ...tracks.flatMap((track, n) => [
        '-map',
        `0:${track.index}`,
        ...mixFilters(track).flatMap((filter) => [`-filter:a:${n}`, filter]),
        `-ac:a:${n}`,
        String(track.renditionChannels ?? 2),
      ]),
      '-c:a',
      'pcm_s16le',
      '-ar',
      String(SAMPLE_RATE),
      // Times before 0, of samples that a player skips, would shift all others.
      '-avoid_negative_ts',
      'disabled',
      '-output_ts_offset',
      String(MEDIA_TIME_OFFSET_SECONDS),
      '-f',
      'nut',
      'pipe:3',
      ...tracks.flatMap(({ index }, n) => [
        '-map',
        `0:${index}`,
        '-frames:a',
        '1',
        '-c:a',
        'pcm_s16le',
        '-f',
        's16le',
        `pipe:${4 + n}`,
      ]),
    ],
  })
  stdout.resume()
  const hasSound = Promise.all(pipes.slice(1).map(isNotEmpty))
  // `exited` reports why a pipe breaks.
  hasSound.catch(() => undefined)
  const decoded = pipes[0]! as AsyncIterable<Buffer>
  return {
    /** The NUT stream. Ends only if everything was decoded, and fails otherwise. */
    async *read() {
      yield* decoded
      await exited
    },
    /** Of each track, whether anything was decoded. Resolves when all was read. */
    hasSound,
    exited,
  }
}

async function isNotEmpty(stream: AsyncIterable<Buffer>) {
  let bytes = 0
  for await (const chunk of stream) bytes += chunk.length
  return bytes > 0
}

/** ffmpeg arguments of the second process, which reads the NUT stream from a pipe. */
export const decodedAudioArgs = (pipe: number) => [
  '-copyts',
  '-protocol_whitelist',
  'pipe',
  '-f',
  'nut',
  '-i',
  `pipe:${pipe}`,
]

/** ffmpeg filters of the second process: times from 0, with silence where a track has no sound. */
export const continuousAudioFilters = (rate = SAMPLE_RATE) => [
  `asetpts=PTS-${MEDIA_TIME_OFFSET_SECONDS * SAMPLE_RATE}`,
  `aresample=${rate}:async=1:first_pts=0`,
]

import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ChapterDto } from '@/lib/videos/chapters'
import type { VideoMetadata } from '@/lib/videos/media-info'
import { MEDIA_TIME_OFFSET_SECONDS } from '@/lib/videos/media-time'
import { toThreeLetters } from '@/lib/videos/languages'
import { quietArgs } from '@/worker/media/input-args'
import { SANDBOX_OUTPUT_DIR } from '@/worker/process/bwrap-args'
import { runSandboxed } from '@/worker/process/sandbox'
import { formatFfmetadata } from './ffmetadata'

export interface RemuxedStream {
  /** Yields an init segment and all segments after it. */
  data: AsyncIterable<Buffer>
  /** BCP 47. */
  language: string | null
  title: string | null
  /** Of a video track, in frames per second; null for sound. */
  frameRate: number | null
}

/** How many frames are decoded before the first one is shown: by x264 with its defaults, and by most sources. */
const REORDERED_FRAMES = 2

/**
 * Segments have the decode times of `alignDecodeTimes`. In one file, they are spread evenly: some editors take others
 * for a variable frame rate.
 */
const spreadDecodeTimes = (frameRate: number) => {
  const frame = `ceil(1/(${frameRate}*TB))`
  const earliest = `DTS-${REORDERED_FRAMES}*${frame}`
  return `setts=pts=PTS:dts='if(N,max(min(DTS,PREV_OUTDTS+${frame}),${earliest}),${earliest})'`
}

/** Combines fragmented streams into one MP4, `fileName` in `outputDir`, without encoding. */
export async function remuxMp4(options: {
  streams: RemuxedStream[]
  chapters: readonly ChapterDto[]
  metadata: VideoMetadata
  outputDir: string
  fileName: string
  signal: AbortSignal
  memoryBytes: number
}) {
  const { streams } = options
  const inputs = streams.flatMap((_, n) => [
    '-protocol_whitelist',
    'pipe',
    '-f',
    'mov',
    '-itsoffset',
    String(-MEDIA_TIME_OFFSET_SECONDS),
    '-i',
    `pipe:${3 + n}`,
  ])
  const run = runSandboxed({
    ...options,
    program: 'ffmpeg',
    pipes: streams.length + 1,
    wallClockMs: 4 * 3_600_000,
    args: [
      ...quietArgs,
      '-copyts',
      ...inputs,
      '-protocol_whitelist',
      'pipe',
      '-f',
      'ffmetadata',
      '-i',
      `pipe:${3 + streams.length}`,
      ...streams.flatMap(({ language, title, frameRate }, n) => [
        '-map',
        String(n),
        `-metadata:s:${n}`,
        `language=${toThreeLetters(language)}`,
        // QuickTime and most players show it as the name of the track.
        ...(title ? [`-metadata:s:${n}`, `handler_name=${title}`] : []),
        ...(frameRate ? [`-bsf:${n}`, spreadDecodeTimes(frameRate)] : []),
      ]),
      '-c',
      'copy',
      '-map_metadata',
      String(streams.length),
      '-map_chapters',
      String(streams.length),
      '-movflags',
      '+faststart',
      '-f',
      'mp4',
      `${SANDBOX_OUTPUT_DIR}/${options.fileName}`,
    ],
  })
  run.stdout.resume()
  const inputData = [...streams.map(({ data }) => data), [formatFfmetadata(options)]]
  const feeding = inputData.map((data, n) => pipeline(Readable.from(data), run.pipes[n] as Writable))
  const results = await Promise.allSettled([run.exited, ...feeding])
  // The exit error precedes the errors of the pipes, which it causes.
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

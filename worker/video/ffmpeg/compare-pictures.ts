import { buffer } from 'node:stream/consumers'
import type { Chunk } from '@/lib/videos/chunks'
import type { Rung } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'
import { inputArgs, quietArgs } from '@/worker/media/input-args'
import { feedPipe } from '@/worker/process/feed-pipe'
import { runSandboxed } from '@/worker/process/sandbox'
import { correlate } from './correlate'
import { scaleFilterGraph } from './encode-args'
import { decoderArgs } from './picture-filters'
import { planSeek } from './seek-plan'

export interface SampleOptions {
  sourcePath: string
  info: MediaInfo
  /** Yields the init segment and the segment of the sample. */
  data: AsyncIterable<Buffer>
  signal: AbortSignal
  memoryBytes: number
}

/** Structural similarity (SSIM) of the brightness of pictures to those of the source, from -1 to 1, which is equal. */
export interface Similarity {
  pictures: number
  mean: number
  lowest: number
  /** Of the pictures in thumbnail size, from -1 to 1, which compression leaves alike; null if nothing is to be seen. */
  correlation: number | null
}

const THUMBNAIL = 'scale=32:18:flags=area,format=gray'
const WALL_CLOCK_MS = 10 * 60_000

/**
 * Compares the pictures of a segment with those of the source, filtered and scaled as for encoding.
 * @throws {SandboxFailure} if one of them cannot be decoded
 */
export async function comparePictures(
  options: SampleOptions & { rung: Pick<Rung, 'width' | 'height' | 'frameRate'>; chunk: Chunk },
): Promise<Similarity> {
  const { info, rung, chunk } = options
  const from = planSeek(chunk, info, rung.frameRate)
  const picture = `setpts=N/${rung.frameRate}/TB`
  const graph = [
    scaleFilterGraph({ video: info.video!, rungs: [rung], from }),
    `[out0]${picture}[wanted]`,
    `[1:v]format=yuv420p,${picture}[found]`,
    '[found]split[found0][found1]',
    '[wanted]split[wanted0][wanted1]',
    '[found0][wanted0]ssim=stats_file=-[compared]',
    `[found1]${THUMBNAIL}[found2]`,
    `[wanted1]${THUMBNAIL}[wanted2]`,
  ].join(';')
  const run = runSandboxed({
    ...options,
    program: 'ffmpeg',
    inputPath: options.sourcePath,
    pipes: 3,
    wallClockMs: WALL_CLOCK_MS,
    args: [
      ...quietArgs,
      ...inputArgs(info.demuxer, [...decoderArgs(info.video!), ...from.seek]),
      ...pipedSegmentArgs(3),
      '-filter_complex',
      graph,
      '-map',
      '[compared]',
      '-f',
      'null',
      '-',
      ...['[found2]', '[wanted2]'].flatMap((pad, n) => ['-map', pad, '-f', 'rawvideo', `pipe:${4 + n}`]),
    ],
  })
  const feeding = feedPipe(options.data, run.pipes[0]!)
  const [printed, found, wanted] = await Promise.all([
    buffer(run.stdout),
    buffer(run.pipes[1]!),
    buffer(run.pipes[2]!),
    run.exited,
    feeding,
  ])
  const values = [...printed.toString().matchAll(/ Y:(-?[\d.]+)/g)].map(([, value]) => Number(value))
  const sum = values.reduce((total, value) => total + value, 0)
  return {
    pictures: values.length,
    mean: sum / (values.length || 1),
    lowest: values.length > 0 ? Math.min(...values) : 0,
    correlation: correlate(found, wanted),
  }
}

/** ffmpeg arguments of an input that is a segment after its init segment. */
export const pipedSegmentArgs = (pipe: number) => [
  '-protocol_whitelist',
  'pipe',
  '-f',
  'mov',
  '-i',
  `pipe:${pipe}`,
]

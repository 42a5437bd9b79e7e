import type { Chunk } from '@/lib/videos/chunks'
import type { Rung } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'
import { inputArgs, quietArgs } from '@/worker/media/input-args'
import { feedPipe } from '@/worker/process/feed-pipe'
import { runSandboxed } from '@/worker/process/sandbox'
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

/** Structural similarity (SSIM) of the pictures of a segment to those of the source: 1 is equal. */
export interface Similarity {
  pictures: number
  mean: number
  lowest: number
}

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
    '[found][wanted]ssim=stats_file=-[compared]',
  ].join(';')
  const run = runSandboxed({
    ...options,
    program: 'ffmpeg',
    inputPath: options.sourcePath,
    pipes: 1,
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
    ],
  })
  const feeding = feedPipe(options.data, run.pipes[0]!)
  let printed = ''
  for await (const chunkText of run.stdout) printed += String(chunkText)
  await Promise.all([run.exited, feeding])
  const values = [...printed.matchAll(/All:([\d.]+)/g)].map(([, value]) => Number(value))
  const sum = values.reduce((total, value) => total + value, 0)
  return { pictures: values.length, mean: sum / (values.length || 1), lowest: Math.min(1, ...values) }
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

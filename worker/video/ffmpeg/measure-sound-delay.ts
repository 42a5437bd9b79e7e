import { buffer } from 'node:stream/consumers'
import type { AudioTrackInfo } from '@/lib/videos/media-info'
import { inputArgs, quietArgs } from '@/worker/media/input-args'
import { feedPipe } from '@/worker/process/feed-pipe'
import { runSandboxed } from '@/worker/process/sandbox'
import { type SampleOptions, pipedSegmentArgs } from './compare-pictures'
import { findDelay } from './find-delay'

const SAMPLE_RATE = 4_000
export const SOUND_SAMPLE_SECONDS = 3
const WALL_CLOCK_MS = 5 * 60_000

/**
 * Measures how much later a sound segment plays than the source, in seconds; null where the sound does not show it.
 * @throws {SandboxFailure} if one of them cannot be decoded
 */
export async function measureSoundDelay({
  data,
  ...options
}: SampleOptions & { track: AudioTrackInfo; startSeconds: number }): Promise<number | null> {
  const { info, track, startSeconds } = options
  const [source, segment] = await Promise.all([
    decodeSound({
      ...options,
      inputPath: options.sourcePath,
      args: [...inputArgs(info.demuxer, ['-ss', startSeconds.toFixed(6)]), '-map', `0:${track.index}`],
    }),
    decodeSound({ ...options, args: pipedSegmentArgs(3), data }),
  ])
  const delay = findDelay(source, segment, { maxLag: SAMPLE_RATE / 4 })
  return delay === null ? null : delay / SAMPLE_RATE
}

type DecodeOptions = Pick<SampleOptions, 'signal' | 'memoryBytes'> & {
  args: string[]
  inputPath?: string
  data?: AsyncIterable<Buffer>
}

async function decodeSound({ args, data, ...options }: DecodeOptions) {
  const run = runSandboxed({
    ...options,
    program: 'ffmpeg',
    pipes: data ? 1 : 0,
    wallClockMs: WALL_CLOCK_MS,
    args: [
      ...quietArgs,
      ...args,
      '-t',
      String(SOUND_SAMPLE_SECONDS),
      '-ac',
      '1',
      '-ar',
      String(SAMPLE_RATE),
      '-f',
      's16le',
      'pipe:1',
    ],
  })
  const feeding = data ? feedPipe(data, run.pipes[0]!) : undefined
  const [bytes] = await Promise.all([buffer(run.stdout), run.exited, feeding])
  return Float32Array.from({ length: bytes.length >> 1 }, (_, n) => bytes.readInt16LE(2 * n))
}

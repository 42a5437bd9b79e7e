import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SANDBOX_OUTPUT_DIR } from '@/worker/process/bwrap-args'
import { runSandboxed } from '@/worker/process/sandbox'
import { MEDIA_TIME_OFFSET_SECONDS, quietArgs } from './ladder-args'

/** Writes `fileName` in `outputDir`: an MP4 of the given fragmented streams, nothing encoded again. */
export async function remuxMp4(options: {
  /** Each the bytes of an init segment and all segments behind it. */
  streams: AsyncIterable<Buffer>[]
  outputDir: string
  fileName: string
  signal: AbortSignal
  memoryBytes: number
}) {
  const back = ['-itsoffset', String(-MEDIA_TIME_OFFSET_SECONDS)]
  const inputs = options.streams.flatMap((_, n) => [
    '-protocol_whitelist',
    'pipe',
    '-f',
    'mov',
    ...back,
    '-i',
    `pipe:${3 + n}`,
  ])
  const run = runSandboxed({
    ...options,
    program: 'ffmpeg',
    pipes: options.streams.length,
    wallClockMs: 4 * 3_600_000,
    args: [
      ...quietArgs,
      '-copyts',
      ...inputs,
      ...options.streams.flatMap((_, n) => ['-map', String(n)]),
      '-c',
      'copy',
      '-map_metadata',
      '-1',
      '-movflags',
      '+faststart',
      '-f',
      'mp4',
      `${SANDBOX_OUTPUT_DIR}/${options.fileName}`,
    ],
  })
  run.stdout.resume()
  const feeding = options.streams.map((stream, n) =>
    pipeline(Readable.from(stream), run.pipes[n] as Writable),
  )
  const [ended, ...fed] = await Promise.allSettled([run.exited, ...feeding])
  // A program that ended early breaks its pipes: how it ended tells more than that they broke.
  for (const one of [ended, ...fed]) if (one.status === 'rejected') throw one.reason
}

import type { MediaInfo } from '@/lib/videos/media-info'
import { NICENESS } from '@/worker/process/niceness'
import { SandboxFailure, runSandboxed } from '@/worker/process/sandbox'
import { inputArgs, quietArgs } from '@/worker/media/input-args'
import { unreadableVideo } from '@/worker/media/unreadable-video'
import { findPause } from './find-speech'
import { BYTES_PER_SECOND, SAMPLE_RATE } from './transcriber'

/** A stretch is cut in the longest pause between these. Whisper looks at 30 s at once, however little is said. */
const MIN_CHUNK_SECONDS = 12
const MAX_CHUNK_SECONDS = 30

export interface AudioChunk {
  startSeconds: number
  endSeconds: number
  samples: Buffer
}

/**
 * The sound of a media file from `fromSeconds` on, in stretches that begin and end in pauses. One program
 * decodes it all, no faster than it is taken, so that a day of sound needs no more memory than a minute.
 * Times are those of the media: sound that begins late, or is missing in between, is silence here.
 * @throws {PermanentError} video.unreadable
 */
export async function* readAudioChunks(options: {
  sourcePath: string
  info: MediaInfo
  fromSeconds: number
  filter?: string
  signal: AbortSignal
  memoryBytes: number
  wallClockMs: number
}): AsyncGenerator<AudioChunk> {
  const { info, fromSeconds, filter } = options
  const track = info.audio.find((audio) => audio.isDefault) ?? info.audio[0]!
  const filters = [
    `aresample=${SAMPLE_RATE}:async=1:first_pts=0`,
    'aformat=channel_layouts=mono',
    ...(filter ? [filter] : []),
  ]
  const seek = fromSeconds > 0 ? ['-ss', fromSeconds.toFixed(3)] : []
  const stop = new AbortController()
  const run = runSandboxed({
    ...options,
    signal: AbortSignal.any([options.signal, stop.signal]),
    program: 'ffmpeg',
    inputPath: options.sourcePath,
    niceness: NICENESS.transcription,
    args: [
      ...quietArgs,
      ...inputArgs(info.demuxer, seek),
      '-map',
      `0:${track.index}`,
      '-af',
      filters.join(','),
      '-ar',
      String(SAMPLE_RATE),
      '-f',
      's16le',
      'pipe:1',
    ],
  })
  // It may end early while nobody waits for it: the stretches that came before it are heard first.
  run.exited.catch(() => undefined)
  try {
    yield* splitAtPauses(run.stdout, fromSeconds)
    await run.exited
  } catch (error) {
    if (error instanceof SandboxFailure && error.reason === 'exit')
      throw unreadableVideo('its sound cannot be decoded', error)
    throw error
  } finally {
    // Whoever takes no more stretches wants no more sound.
    stop.abort()
    await run.exited.catch(() => undefined)
  }
}

/** @internal also for tests */
export async function* splitAtPauses(
  sound: AsyncIterable<Buffer>,
  fromSeconds: number,
): AsyncGenerator<AudioChunk> {
  let held = Buffer.alloc(0)
  let startSeconds = fromSeconds
  const take = (bytes: number) => {
    const samples = held.subarray(0, bytes)
    held = Buffer.from(held.subarray(bytes))
    const stretch = { startSeconds, endSeconds: startSeconds + bytes / BYTES_PER_SECOND, samples }
    startSeconds = stretch.endSeconds
    return stretch
  }
  for await (const chunk of sound) {
    held = Buffer.concat([held, chunk])
    while (held.length >= MAX_CHUNK_SECONDS * BYTES_PER_SECOND)
      yield take(findPause(held.subarray(0, MAX_CHUNK_SECONDS * BYTES_PER_SECOND), MIN_CHUNK_SECONDS))
  }
  if (held.length > 0) yield take(held.length - (held.length % 2))
}

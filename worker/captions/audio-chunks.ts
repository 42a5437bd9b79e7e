import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { MediaInfo } from '@/lib/videos/media-info'
import { NICENESS } from '@/worker/process/niceness'
import { SandboxFailure, runSandboxed } from '@/worker/process/sandbox'
import { continuousAudioFilters, decodeAudio, decodedAudioArgs } from '@/worker/media/decode-audio'
import { quietArgs } from '@/worker/media/input-args'
import { unreadableVideo } from '@/worker/media/unreadable-video'
import { findPause } from './find-speech'
import { BYTES_PER_SECOND, SAMPLE_RATE } from './transcriber'

/** A chunk ends in the longest pause between these two durations. Whisper processes windows of 30 s. */
const MIN_CHUNK_SECONDS = 12
const MAX_CHUNK_SECONDS = 30

export interface AudioChunk {
  startSeconds: number
  endSeconds: number
  samples: Buffer
}

/**
 * Decodes the audio of a media file from `fromSeconds` on and yields it in chunks that start and end in pauses. Decodes
 * no faster than chunks are consumed, so that memory use does not depend on the duration. Times are media times; gaps in
 * the audio become silence. An abort kills ffmpeg and throws the signal's reason.
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
  const stop = new AbortController()
  const stoppable = {
    ...options,
    signal: AbortSignal.any([options.signal, stop.signal]),
    niceness: NICENESS.transcription,
  }
  const decoder = decodeAudio({ ...stoppable, tracks: [track] })
  const filters = [
    ...continuousAudioFilters(SAMPLE_RATE),
    'aformat=channel_layouts=mono',
    ...(filter ? [filter] : []),
  ]
  const run = runSandboxed({
    ...stoppable,
    program: 'ffmpeg',
    pipes: 1,
    // It waits for the decoder, which has a limit of its own.
    stallMs: options.wallClockMs,
    args: [
      ...quietArgs,
      ...decodedAudioArgs(3),
      '-af',
      filters.join(','),
      '-ar',
      String(SAMPLE_RATE),
      '-f',
      's16le',
      'pipe:1',
    ],
  })
  // Failures surface after the chunks that were decoded before them.
  pipeline(Readable.from(decoder.read()), run.pipes[0]!).catch(() => undefined)
  const all = Promise.all([decoder.exited, run.exited])
  all.catch(() => undefined)
  try {
    yield* splitAtPauses(run.stdout, fromSeconds)
    await all
  } catch (error) {
    if (error instanceof SandboxFailure && error.reason === 'exit')
      throw unreadableVideo('its audio cannot be decoded', error)
    throw error
  } finally {
    // The consumer may stop before the end.
    stop.abort()
    await Promise.allSettled([decoder.exited, run.exited])
  }
}

/** @internal exported for tests */
export async function* splitAtPauses(
  audio: AsyncIterable<Buffer>,
  fromSeconds: number,
): AsyncGenerator<AudioChunk> {
  let buffered = Buffer.alloc(0)
  let startSeconds = fromSeconds
  const take = (bytes: number) => {
    const samples = buffered.subarray(0, bytes)
    buffered = Buffer.from(buffered.subarray(bytes))
    const chunk = { startSeconds, endSeconds: startSeconds + bytes / BYTES_PER_SECOND, samples }
    startSeconds = chunk.endSeconds
    return chunk
  }
  for await (const data of audio) {
    buffered = Buffer.concat([buffered, data])
    while (buffered.length >= MAX_CHUNK_SECONDS * BYTES_PER_SECOND)
      yield take(findPause(buffered.subarray(0, MAX_CHUNK_SECONDS * BYTES_PER_SECOND), MIN_CHUNK_SECONDS))
  }
  if (buffered.length > 0) yield take(buffered.length - (buffered.length % 2))
}

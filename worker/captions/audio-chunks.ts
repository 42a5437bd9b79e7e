import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { CaptionPart } from '@/lib/captions/plan-parts'
import { defaultAudioTrack, type MediaInfo } from '@/lib/videos/media-info'
import { SandboxFailure, runSandboxed } from '@/worker/process/sandbox'
import { continuousAudioFilters, decodeAudio, decodedAudioArgs } from '@/worker/media/decode-audio'
import { quietArgs } from '@/worker/media/input-args'
import { unreadableVideo } from '@/worker/media/unreadable-video'
import { findPause } from './find-speech'
import { AudioBuffer, type AudioChunk } from './audio-buffer'
import { BYTES_PER_SECOND, SAMPLE_RATE } from './transcriber'

/** A chunk ends in the longest pause between these two durations. The memory of Whisper grows with the square of the longer one. */
const MIN_CHUNK_SECONDS = 12
const MAX_CHUNK_SECONDS = 19
/** The first chunk of a file is shorter, so that its words appear early. */
const MIN_FIRST_CHUNK_SECONDS = 4
const MAX_FIRST_CHUNK_SECONDS = 10
/** The audio in which two neighboring parts look for the pause between them: a chunk that is too short to end before it can end in it. */
const BOUNDARY_SECONDS = MAX_CHUNK_SECONDS - MIN_CHUNK_SECONDS

/**
 * Decodes the audio of a part of a media file and yields it in chunks that start and end in pauses. Decodes
 * no faster than chunks are consumed, so that memory use does not depend on the duration. Times are media times; gaps in
 * the audio become silence. An abort kills ffmpeg and throws the signal's reason.
 * @throws {PermanentError} video.unreadable
 */
export async function* readAudioChunks(options: {
  sourcePath: string
  info: MediaInfo
  part: CaptionPart
  /** Where an earlier run stopped. Default: from the start of the part. */
  resumeSeconds?: number
  filter?: string
  niceness: number
  signal: AbortSignal
  memoryBytes: number
  wallClockMs: number
}): AsyncGenerator<AudioChunk> {
  const { info, part, filter } = options
  const fromSeconds = options.resumeSeconds ?? part.startSeconds
  const track = defaultAudioTrack(info.audio)!
  const stop = new AbortController()
  const stoppable = {
    ...options,
    fromSeconds,
    signal: AbortSignal.any([options.signal, stop.signal]),
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
    const followedBy = yield* splitAtPauses(run.stdout, { part, fromSeconds })
    if (followedBy === 'nothing') await all
  } catch (error) {
    if (error instanceof SandboxFailure && error.reason === 'exit')
      throw unreadableVideo('undecodableAudio', error)
    throw error
  } finally {
    // The consumer may stop before the end.
    stop.abort()
    await Promise.allSettled([decoder.exited, run.exited])
  }
}

/**
 * Splits the audio of a part, from `fromSeconds` on. Unless it resumes, it starts and ends in the longest pause of the
 * `BOUNDARY_SECONDS` after the nominal times, which two neighbors find in the same audio. Returns what follows the last
 * chunk.
 * @internal exported for tests
 */
export async function* splitAtPauses(
  audio: AsyncIterable<Buffer>,
  { part, fromSeconds }: { part: CaptionPart; fromSeconds: number },
): AsyncGenerator<AudioChunk, 'next part' | 'nothing'> {
  const buffer = new AudioBuffer(audio, fromSeconds)
  try {
    if (part.startSeconds > 0 && fromSeconds === part.startSeconds)
      buffer.take(await findBoundary(buffer, fromSeconds))
    for (;;) {
      const { endSeconds, followedBy } = await findChunkEnd(buffer, part.endSeconds)
      if (endSeconds > buffer.startSeconds) yield buffer.take(endSeconds)
      if (followedBy !== 'chunk') return followedBy
    }
  } finally {
    await buffer.close()
  }
}

/** Finds the end of the chunk at the start of the buffer. */
async function findChunkEnd(
  buffer: AudioBuffer,
  partEndSeconds: number | null,
): Promise<{ endSeconds: number; followedBy: 'chunk' | 'next part' | 'nothing' }> {
  const isFirst = buffer.startSeconds === 0
  let latestSeconds = buffer.startSeconds + (isFirst ? MAX_FIRST_CHUNK_SECONDS : MAX_CHUNK_SECONDS)
  if (partEndSeconds !== null && latestSeconds >= partEndSeconds) {
    const endSeconds = await findBoundary(buffer, partEndSeconds)
    if (endSeconds <= latestSeconds) return { endSeconds, followedBy: 'next part' }
    // The last chunk of the part has to contain the audio in which the boundary is found.
    latestSeconds = partEndSeconds
  }
  await buffer.fill(latestSeconds)
  if (buffer.endSeconds < latestSeconds) return { endSeconds: buffer.endSeconds, followedBy: 'nothing' }
  const window = buffer.read(buffer.startSeconds, latestSeconds - buffer.startSeconds)
  const pause = findPause(window, isFirst ? MIN_FIRST_CHUNK_SECONDS : MIN_CHUNK_SECONDS)
  return { endSeconds: buffer.startSeconds + pause / BYTES_PER_SECOND, followedBy: 'chunk' }
}

/** Finds the pause between two parts that meet at a nominal time. */
async function findBoundary(buffer: AudioBuffer, seconds: number) {
  await buffer.fill(seconds + BOUNDARY_SECONDS)
  return seconds + findPause(buffer.read(seconds, BOUNDARY_SECONDS), 0) / BYTES_PER_SECOND
}

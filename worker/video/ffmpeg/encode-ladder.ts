import type { Readable } from 'node:stream'
import { AppError, PermanentError } from '@/lib/errors'
import type { Ladder } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'
import { runSandboxed, type SandboxedProcess, SandboxFailure } from '@/worker/process/sandbox'
import { unreadableVideo } from './ffprobe'
import { readFragments } from './fragment-reader'
import { copyAndAudioArgs, encodeArgs, MEDIA_TIME_OFFSET_SECONDS } from './ladder-args'

/** Times in seconds from the start of the media. */
export interface EncodedSegment {
  index: number
  startSeconds: number
  durationSeconds: number
  data: Buffer
}

/** What an earlier run has stored of one rendition. */
export interface StoredRendition {
  segments: number
  /** Where the last of them ends. */
  endSeconds: number
  /** Nothing is left to do. */
  isDone: boolean
}

export interface EncodeLadderOptions {
  sourcePath: string
  info: MediaInfo
  ladder: Ladder
  /** By rendition name. */
  stored: Map<string, StoredRendition>
  signal: AbortSignal
  threads: number
  memoryBytes: number
  wallClockMs: number
  /** The init segment of a rendition, before its first segment. */
  onInit(name: string, init: Buffer): Promise<void>
  /** A finished segment. The next one of this rendition waits for the promise. */
  onSegment(name: string, segment: EncodedSegment): Promise<void>
  /** A rendition is whole. */
  onRenditionDone(name: string): Promise<void>
  /** `mediaSeconds` of the whole media are encoded, at `speed` times real time. */
  onProgress(progress: { mediaSeconds: number; speed: number }): void
}

/**
 * Makes every rendition of a file: stream copies and audio in one quick process, all encoded rungs in
 * a second one. Goes on behind what is `stored`. An abort kills both at once.
 * `endSeconds` is how far the media went: less than the file says, where it is cut off or damaged.
 * @throws {PermanentError} when the file cannot be decoded.
 */
export async function encodeLadder(options: EncodeLadderOptions): Promise<{ endSeconds: number }> {
  const stop = new AbortController()
  const given = { ...options, signal: AbortSignal.any([options.signal, stop.signal]) }
  const parts = [copySourceAndAudio(given), encodeRungs(given)].map((part) =>
    part.catch((error: unknown) => {
      stop.abort(error)
      throw error
    }),
  )
  await Promise.allSettled(parts)
  try {
    return { endSeconds: Math.max(...(await Promise.all(parts))) }
  } catch (error) {
    throw toMediaError(options.signal.aborted ? options.signal.reason : (stop.signal.reason ?? error))
  }
}

// Both start from the first packet when they are taken up again: copying is quick, and only so are
// the cuts, and the state of an audio encoder, the same as in the run before.
async function copySourceAndAudio(options: EncodeLadderOptions) {
  const names = [
    ...(options.ladder.source ? ['source'] : []),
    ...options.ladder.audio.map((track) => track.name),
  ]
  const open = names.filter((name) => !options.stored.get(name)?.isDone)
  if (open.length === 0) return storedEndSeconds(options, names)
  const run = startFfmpeg(options, copyAndAudioArgs({ ...options, names: open }), open.length)
  run.stdout.resume()
  return finishRenditions(
    options,
    run,
    open.map((name, n) => {
      let passed = 0
      const stored = options.stored.get(name)?.segments ?? 0
      return collectFragments(options, { name, pipe: run.pipes[n]!, isStored: () => passed++ < stored })
    }),
  )
}

async function encodeRungs(options: EncodeLadderOptions) {
  const { encodes } = options.ladder
  const open = encodes.filter((rung) => !options.stored.get(rung.name)?.isDone)
  if (open.length === 0)
    return storedEndSeconds(
      options,
      encodes.map((rung) => rung.name),
    )
  const fromSeconds = Math.min(...open.map((rung) => options.stored.get(rung.name)?.endSeconds ?? 0))
  const ladder = { ...options.ladder, encodes: open }
  const run = startFfmpeg(options, encodeArgs({ ...options, ladder, fromSeconds }), open.length)
  readProgress(run.stdout, options.onProgress)
  return finishRenditions(
    options,
    run,
    open.map((rung, n) => {
      const storedSeconds = options.stored.get(rung.name)?.endSeconds ?? 0
      const isStored = (startSeconds: number) => startSeconds < storedSeconds - 0.002
      return collectFragments(options, { name: rung.name, pipe: run.pipes[n]!, isStored })
    }),
  )
}

const storedEndSeconds = ({ stored }: EncodeLadderOptions, names: string[]) =>
  Math.max(0, ...names.map((name) => stored.get(name)?.endSeconds ?? 0))

const startFfmpeg = (options: EncodeLadderOptions, args: string[], pipes: number) =>
  runSandboxed({ ...options, program: 'ffmpeg', args, inputPath: options.sourcePath, pipes })

/** Waits until the process and everything it wrote are dealt with, then calls its renditions whole. */
async function finishRenditions(
  options: EncodeLadderOptions,
  run: SandboxedProcess,
  lanes: Promise<{ name: string; endSeconds: number }>[],
) {
  const all = [run.exited, ...lanes]
  try {
    await Promise.all(all)
  } catch (error) {
    // A lane that cannot be stored would leave the program waiting on its pipe.
    for (const pipe of run.pipes) pipe.destroy()
    await Promise.allSettled(all)
    throw error
  }
  const ends = await Promise.all(lanes)
  for (const { name } of ends) await options.onRenditionDone(name)
  return Math.max(...ends.map((end) => end.endSeconds))
}

/** Numbers and hands on the fragments of one pipe; those that are stored already are passed over. */
async function collectFragments(
  options: EncodeLadderOptions,
  lane: { name: string; pipe: Readable; isStored: (startSeconds: number) => boolean },
) {
  const { name } = lane
  const stored = options.stored.get(name)
  let index = stored?.segments ?? 0
  let endSeconds = stored?.endSeconds ?? 0
  for await (const part of readFragments(lane.pipe)) {
    if ('init' in part) {
      await options.onInit(name, part.init)
      continue
    }
    const { durationSeconds, data } = part
    const startSeconds = part.startSeconds - MEDIA_TIME_OFFSET_SECONDS
    if (lane.isStored(startSeconds)) continue
    await options.onSegment(name, { index: index++, startSeconds, durationSeconds, data })
    endSeconds = startSeconds + durationSeconds
  }
  const isPicture = !options.ladder.audio.some((track) => track.name === name)
  if (index === 0 && isPicture && !options.signal.aborted)
    throw unreadableVideo('no picture in it can be decoded')
  return { name, endSeconds }
}

function readProgress(stdout: Readable, onProgress: EncodeLadderOptions['onProgress']) {
  let speed = 0
  let rest = ''
  stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    let mediaSeconds: number | undefined
    for (const line of lines) {
      const [key, value = ''] = line.split('=')
      if (key === 'out_time_us' && Number(value) > 0) mediaSeconds = Number(value) / 1e6
      if (key === 'speed' && Number.parseFloat(value) > 0) speed = Number.parseFloat(value)
    }
    if (mediaSeconds !== undefined) onProgress({ mediaSeconds: Math.max(0, mediaSeconds), speed })
  })
}

function toMediaError(error: unknown) {
  if (!(error instanceof SandboxFailure)) return error
  if (/No space left/i.test(error.stderr)) return error
  if (/No such filter|Unknown encoder/i.test(error.stderr)) {
    const message = 'The ffmpeg on this machine lacks a part that this file needs.'
    return new AppError({ code: 'media.ffmpeg_incomplete', message, status: 503, cause: error })
  }
  if (/Decoder .*not found|no decoder|Unknown decoder/i.test(error.stderr))
    return unreadableVideo('its format is not known', error)
  if (/Cannot allocate memory|malloc/i.test(error.stderr)) {
    const message = 'This file needs more memory than is allowed for one video.'
    return new PermanentError({
      code: 'video.needs_memory',
      message,
      advice: 'Export it at a smaller size, or ask the administrator to raise MEDIA_MEMORY_BYTES.',
      cause: error,
    })
  }
  return error.reason === 'exit' ? unreadableVideo('its content is damaged', error) : error
}

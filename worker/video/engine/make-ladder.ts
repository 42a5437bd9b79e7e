import type { Readable } from 'node:stream'
import { AppError, PermanentError } from '@/lib/errors'
import type { Ladder } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'
import { runSandboxed, type Sandboxed, SandboxFailure } from '@/worker/sandbox/sandbox'
import { unreadable } from './ffprobe'
import { readFragments } from './fragment-reader'
import { directArgs, encodeArgs, MEDIA_TIME_OFFSET_SECONDS } from './ladder-args'

/** Times in seconds from the start of the media. */
export interface StoredSegment {
  index: number
  startSeconds: number
  durationSeconds: number
  data: Buffer
}

/** What an earlier run has stored of one rendition. */
export interface Stored {
  segments: number
  /** Where the last of them ends. */
  endSeconds: number
  /** Nothing is left to do. */
  isDone: boolean
}

export interface MakeLadderOptions {
  sourcePath: string
  info: MediaInfo
  ladder: Ladder
  /** By rendition name. */
  stored: Map<string, Stored>
  signal: AbortSignal
  threads: number
  memoryBytes: number
  wallClockMs: number
  /** The init segment of a rendition, before its first segment. */
  onInit(name: string, init: Buffer): Promise<void>
  /** A finished segment. The next one of this rendition waits for the promise. */
  onSegment(name: string, segment: StoredSegment): Promise<void>
  /** A rendition is whole. */
  onEnd(name: string): Promise<void>
  /** `mediaSeconds` of the whole media are encoded, at `speed` times real time. */
  onProgress(progress: { mediaSeconds: number; speed: number }): void
}

/**
 * Makes every rendition of a file: stream copies and audio in one quick process, all encoded rungs in
 * a second one. Goes on behind what is `stored`. An abort kills both at once.
 * `endSeconds` is how far the media went: less than the file says, where it is cut off or damaged.
 * @throws {PermanentError} when the file cannot be decoded.
 */
export async function makeLadder(options: MakeLadderOptions): Promise<{ endSeconds: number }> {
  const stop = new AbortController()
  const given = { ...options, signal: AbortSignal.any([options.signal, stop.signal]) }
  const parts = [makeDirect(given), makeEncoded(given)].map((part) =>
    part.catch((error: unknown) => {
      stop.abort(error)
      throw error
    }),
  )
  await Promise.allSettled(parts)
  try {
    return { endSeconds: Math.max(...(await Promise.all(parts))) }
  } catch (error) {
    throw explain(options.signal.aborted ? options.signal.reason : (stop.signal.reason ?? error))
  }
}

// Both start from the first packet when they are taken up again: copying is quick, and only so are
// the cuts, and the state of an audio encoder, the same as in the run before.
async function makeDirect(options: MakeLadderOptions) {
  const names = [
    ...(options.ladder.source ? ['source'] : []),
    ...options.ladder.audio.map((track) => track.name),
  ]
  const open = names.filter((name) => !options.stored.get(name)?.isDone)
  if (open.length === 0) return storedEnd(options, names)
  const run = start(options, directArgs({ ...options, names: open }), open.length)
  run.stdout.resume()
  return finish(
    options,
    run,
    open.map((name, n) => {
      let passed = 0
      const stored = options.stored.get(name)?.segments ?? 0
      return collect(options, { name, pipe: run.pipes[n]!, isStored: () => passed++ < stored })
    }),
  )
}

async function makeEncoded(options: MakeLadderOptions) {
  const { encodes } = options.ladder
  const open = encodes.filter((rung) => !options.stored.get(rung.name)?.isDone)
  if (open.length === 0)
    return storedEnd(
      options,
      encodes.map((rung) => rung.name),
    )
  const fromSeconds = Math.min(...open.map((rung) => options.stored.get(rung.name)?.endSeconds ?? 0))
  const ladder = { ...options.ladder, encodes: open }
  const run = start(options, encodeArgs({ ...options, ladder, fromSeconds }), open.length)
  readProgress(run.stdout, options.onProgress)
  return finish(
    options,
    run,
    open.map((rung, n) => {
      const storedSeconds = options.stored.get(rung.name)?.endSeconds ?? 0
      const isStored = (startSeconds: number) => startSeconds < storedSeconds - 0.002
      return collect(options, { name: rung.name, pipe: run.pipes[n]!, isStored })
    }),
  )
}

const storedEnd = ({ stored }: MakeLadderOptions, names: string[]) =>
  Math.max(0, ...names.map((name) => stored.get(name)?.endSeconds ?? 0))

const start = (options: MakeLadderOptions, args: string[], pipes: number) =>
  runSandboxed({ ...options, program: 'ffmpeg', args, inputPath: options.sourcePath, pipes })

/** Waits until the process and everything it wrote are dealt with, then calls its renditions whole. */
async function finish(
  options: MakeLadderOptions,
  run: Sandboxed,
  lanes: Promise<{ name: string; endSeconds: number }>[],
) {
  const all = [run.ended, ...lanes]
  try {
    await Promise.all(all)
  } catch (error) {
    // A lane that cannot be stored would leave the program waiting on its pipe.
    for (const pipe of run.pipes) pipe.destroy()
    await Promise.allSettled(all)
    throw error
  }
  const ends = await Promise.all(lanes)
  for (const { name } of ends) await options.onEnd(name)
  return Math.max(...ends.map((end) => end.endSeconds))
}

/** Numbers and hands on the fragments of one pipe; those that are stored already are passed over. */
async function collect(
  options: MakeLadderOptions,
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
  if (index === 0 && isPicture && !options.signal.aborted) throw unreadable('no picture in it can be decoded')
  return { name, endSeconds }
}

function readProgress(stdout: Readable, onProgress: MakeLadderOptions['onProgress']) {
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

function explain(error: unknown) {
  if (!(error instanceof SandboxFailure)) return error
  if (/No space left/i.test(error.stderr)) return error
  if (/No such filter|Unknown encoder/i.test(error.stderr)) {
    const message = 'The ffmpeg on this machine lacks a part that this file needs.'
    return new AppError({ code: 'media.ffmpeg_incomplete', message, status: 503, cause: error })
  }
  if (/Decoder .*not found|no decoder|Unknown decoder/i.test(error.stderr))
    return unreadable('its format is not known', error)
  if (/Cannot allocate memory|malloc/i.test(error.stderr)) {
    const message = 'This file needs more memory than is allowed for one video.'
    return new PermanentError({
      code: 'video.needs_memory',
      message,
      advice: 'Export it at a smaller size, or ask the administrator to raise MEDIA_MEMORY_BYTES.',
      cause: error,
    })
  }
  return error.reason === 'exit' ? unreadable('its content is damaged', error) : error
}

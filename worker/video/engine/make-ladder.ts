import type { Readable } from 'node:stream'
import { PermanentError } from '@/lib/errors'
import { type Ladder, segmentStart } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'
import { runSandboxed, type Sandboxed, SandboxFailure } from '@/worker/sandbox/sandbox'
import { readFragments } from './fragment-reader'
import { directArgs, encodeArgs, type Lane, MEDIA_TIME_OFFSET_SECONDS } from './ladder-args'
import { unreadable } from './probe'

export interface StoredSegment {
  index: number
  /** Seconds from the start of the media. */
  startSeconds: number
  durationSeconds: number
  data: Buffer
}

export interface MakeLadderOptions {
  sourcePath: string
  info: MediaInfo
  ladder: Ladder
  /** By rendition name: how many segments are stored, and where the last one ends. Done ones are left out. */
  stored: Map<string, { segments: number; endSeconds: number; isDone: boolean }>
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
 * @throws {PermanentError} when the file cannot be decoded.
 */
export async function makeLadder(options: MakeLadderOptions) {
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  const parts = [makeDirect({ ...options, signal }), makeEncoded({ ...options, signal })].map((part) =>
    part.catch((error: unknown) => {
      stop.abort(error)
      throw error
    }),
  )
  await Promise.allSettled(parts)
  try {
    await Promise.all(parts)
  } catch (error) {
    throw explain(options.signal.aborted ? options.signal.reason : stop.signal.reason ?? error)
  }
}

async function makeDirect(options: MakeLadderOptions) {
  const names = [...(options.ladder.source ? ['source'] : []), ...options.ladder.audio.map((track) => track.name)]
  const open = names.filter((name) => !options.stored.get(name)?.isDone)
  if (open.length === 0) return
  const lanes: Lane[] = open.map((name) => ({ name, fromSeconds: options.stored.get(name)?.endSeconds ?? 0 }))
  const run = start(options, directArgs({ ...options, lanes }), lanes.length)
  run.stdout.resume()
  await finish(run, lanes.map((lane, n) => {
    const first = options.stored.get(lane.name)?.segments ?? 0
    return collect(options, { name: lane.name, pipe: run.pipes[n]!, first, keepFrom: lane.fromSeconds })
  }))
}

async function makeEncoded(options: MakeLadderOptions) {
  const { encodes } = options.ladder
  const open = encodes.filter((rung) => !options.stored.get(rung.name)?.isDone)
  if (open.length === 0) return
  const fromSegment = Math.min(...open.map((rung) => options.stored.get(rung.name)?.segments ?? 0))
  const ladder = { ...options.ladder, encodes: open }
  const run = start(options, encodeArgs({ ...options, ladder, fromSegment }), open.length)
  readProgress(run.stdout, ({ mediaSeconds, speed }) =>
    options.onProgress({ mediaSeconds: mediaSeconds + segmentStart(fromSegment), speed }))
  await finish(run, open.map((rung, n) => {
    const keepFrom = segmentStart(options.stored.get(rung.name)?.segments ?? 0)
    return collect(options, { name: rung.name, pipe: run.pipes[n]!, first: options.stored.get(rung.name)?.segments ?? 0, keepFrom })
  }))
}

const start = (options: MakeLadderOptions, args: string[], pipes: number) =>
  runSandboxed({ ...options, program: 'ffmpeg', args, inputPath: options.sourcePath, pipes })

async function finish(run: Sandboxed, lanes: Promise<() => Promise<void>>[]) {
  const settled = Promise.all([run.ended, ...lanes])
  const [, ...ends] = await settled
  for (const end of ends) await end()
}

/** Numbers and hands on the fragments of one pipe; those that are stored already are passed over. */
async function collect(
  options: MakeLadderOptions,
  lane: { name: string; pipe: Readable; first: number; keepFrom: number },
) {
  let index = lane.first
  for await (const part of readFragments(lane.pipe)) {
    if ('init' in part) {
      await options.onInit(lane.name, part.init)
      continue
    }
    const startSeconds = part.startSeconds - MEDIA_TIME_OFFSET_SECONDS
    // A resumed audio track starts with a few milliseconds of encoder delay.
    if (startSeconds + part.durationSeconds / 2 < lane.keepFrom) continue
    await options.onSegment(lane.name, { index: index++, startSeconds, durationSeconds: part.durationSeconds, data: part.data })
  }
  return () => options.onEnd(lane.name)
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
  if (/Cannot allocate memory|malloc/i.test(error.stderr)) {
    const message = 'This file needs more memory than is allowed for one video.'
    return new PermanentError({ code: 'video.needs_memory', message, advice: 'Export it at a smaller size, or ask the administrator to raise MEDIA_MEMORY_BYTES.', cause: error })
  }
  return error.reason === 'exit' ? unreadable('its content is damaged', error) : error
}

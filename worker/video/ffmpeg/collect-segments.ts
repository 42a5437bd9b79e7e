import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { MEDIA_TIME_OFFSET_SECONDS } from '@/lib/videos/media-time'
import { unreadableVideo } from '@/worker/media/unreadable-video'
import { runSandboxed } from '@/worker/process/sandbox'
import { readFragments } from './fragment-reader'
import type { LadderOptions } from './ladder-options'
import { toMediaError } from './media-error'

interface Outputs {
  /** ffmpeg arguments; pipe 3 + n is `names[n]`, and the one after them is `input`. */
  args: string[]
  names: string[]
  /** The index of the first segment. Default: 0. */
  firstIndex?: number
  /** What ffmpeg reads. Default: the source. */
  input?: Readable
  readStdout(stdout: Readable): void
}

/**
 * Runs ffmpeg and stores the segments that it writes to each pipe. Resolves when all are stored.
 * @throws {PermanentError} if the file cannot be decoded
 */
export async function collectSegments(
  options: LadderOptions & { devices?: readonly string[] },
  outputs: Outputs,
) {
  const { args, names, firstIndex = 0, input } = outputs
  const run = runSandboxed({
    ...options,
    program: 'ffmpeg',
    args,
    inputPath: input ? undefined : options.sourcePath,
    pipes: names.length + (input ? 1 : 0),
    // It waits for its input, whose source has a limit of its own.
    ...(input ? { stallMs: options.wallClockMs } : {}),
  })
  outputs.readStdout(run.stdout)
  // What ends one of them early is reported by `exited` and by the reader of `input`.
  if (input) pipeline(input, run.pipes[names.length]!).catch(() => undefined)
  const all = [
    run.exited,
    ...names.map((name, n) => collectPipe(options, { name, pipe: run.pipes[n]!, firstIndex })),
  ]
  try {
    await Promise.all(all)
  } catch (error) {
    // ffmpeg would block on the pipe of an output that cannot be stored.
    for (const pipe of run.pipes) pipe.destroy()
    await Promise.allSettled(all)
    throw toMediaError(options.signal.aborted ? options.signal.reason : error)
  }
}

/** Numbers the segments of one pipe and skips the stored ones. */
async function collectPipe(
  options: LadderOptions,
  { name, pipe, firstIndex }: { name: string; pipe: Readable; firstIndex: number },
) {
  let index = firstIndex
  for await (const part of readFragments(pipe)) {
    if ('init' in part) {
      await options.onInit(name, part.init)
      continue
    }
    const { durationSeconds, data } = part
    const startSeconds = part.startSeconds - MEDIA_TIME_OFFSET_SECONDS
    if (!options.isStored(name, index))
      await options.onSegment(name, { index, startSeconds, durationSeconds, data })
    index++
  }
  const isVideo = !options.ladder.audio.some((track) => track.name === name)
  // A later chunk is empty if the media ends before the duration that its container states.
  if (index === 0 && isVideo && !options.signal.aborted) throw unreadableVideo('noVideo')
}

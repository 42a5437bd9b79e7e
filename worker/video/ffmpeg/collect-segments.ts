import type { Readable } from 'node:stream'
import { MEDIA_TIME_OFFSET_SECONDS } from '@/lib/videos/media-time'
import { unreadableVideo } from '@/worker/media/unreadable-video'
import type { SandboxedProcess } from '@/worker/process/sandbox'
import { readFragments } from './fragment-reader'
import type { EncodeLadderOptions } from './ladder-options'

interface Output {
  name: string
  pipe: Readable
  isStored: (startSeconds: number) => boolean
}

/**
 * Stores the segments that ffmpeg writes to each pipe, and finishes the renditions once ffmpeg has exited. Returns the
 * end of the longest one in seconds.
 */
export async function collectRenditions(
  options: EncodeLadderOptions,
  run: SandboxedProcess,
  outputs: Output[],
) {
  const collected = outputs.map((output) => collectSegments(options, output))
  const all = [run.exited, ...collected]
  try {
    await Promise.all(all)
  } catch (error) {
    // ffmpeg would block on the pipe of an output that cannot be stored.
    for (const pipe of run.pipes) pipe.destroy()
    await Promise.allSettled(all)
    throw error
  }
  for (const { name } of outputs) await options.onRenditionDone(name)
  return Math.max(...(await Promise.all(collected)))
}

/** Numbers the segments of one pipe, skips the stored ones, and returns the end of the last one in seconds. */
async function collectSegments(options: EncodeLadderOptions, { name, pipe, isStored }: Output) {
  const stored = options.stored.get(name)
  let index = stored?.segments ?? 0
  let endSeconds = stored?.endSeconds ?? 0
  for await (const part of readFragments(pipe)) {
    if ('init' in part) {
      await options.onInit(name, part.init)
      continue
    }
    const { durationSeconds, data } = part
    const startSeconds = part.startSeconds - MEDIA_TIME_OFFSET_SECONDS
    if (isStored(startSeconds)) continue
    await options.onSegment(name, { index: index++, startSeconds, durationSeconds, data })
    endSeconds = startSeconds + durationSeconds
  }
  const isVideo = !options.ladder.audio.some((track) => track.name === name)
  if (index === 0 && isVideo && !options.signal.aborted)
    throw unreadableVideo('it contains no video that can be decoded')
  return endSeconds
}

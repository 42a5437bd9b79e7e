import type { MediaInfo, VideoTrackInfo } from '@/lib/videos/media-info'
import { quietArgs } from '@/worker/media/input-args'
import { unreadableVideo } from '@/worker/media/unreadable-video'
import { runSandboxed, SandboxFailure } from '@/worker/process/sandbox'

export interface ImageOptions {
  sourcePath: string
  info: MediaInfo
  /** Directory that receives the images. */
  outputDir: string
  signal: AbortSignal
  memoryBytes: number
  /** CPU niceness. Default: `NICENESS.media`. */
  niceness?: number
}

/**
 * Runs ffmpeg and returns the end of its output, including progress lines, which keep it from counting as stalled.
 * @throws {PermanentError} video.unreadable
 */
export async function renderImages(options: Omit<ImageOptions, 'info'>, args: string[]) {
  const run = runSandboxed({
    ...options,
    program: 'ffmpeg',
    inputPath: options.sourcePath,
    wallClockMs: 60 * 60_000,
    args: [...quietArgs, '-y', '-progress', 'pipe:1', '-stats_period', '5', ...args],
  })
  let printed = ''
  run.stdout.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-16_384)))
  await run.exited.catch((error: unknown) => {
    throw error instanceof SandboxFailure && error.reason === 'exit'
      ? unreadableVideo('noVideo', error)
      : error
  })
  return printed
}

/** The size for `width`, with the aspect ratio of the video and even sides. */
export function scaleToWidth(video: VideoTrackInfo, width: number) {
  const even = (pixels: number) => Math.max(2, Math.round(pixels / 2) * 2)
  return { width: even(width), height: even((width * video.height) / video.width) }
}

import type { VideoTrackInfo } from '@/lib/videos/media-info'
import { inputArgs, quietArgs } from '@/worker/media/input-args'
import { runSandboxed, SandboxFailure } from '@/worker/process/sandbox'
import { pictureFilters } from './picture-filters'

/** Whether ffmpeg converts the first picture of an HDR video to SDR: some labels are of color spaces that zimg lacks. */
export async function canToneMap(options: {
  path: string
  demuxer: string
  video: VideoTrackInfo
  signal: AbortSignal
  memoryBytes: number
}) {
  const { demuxer, video } = options
  const filters = [...pictureFilters(video), 'format=yuv420p']
  const output = ['-map', `0:${video.index}`, '-vf', filters.join(','), '-frames:v', '1', '-f', 'null', '-']
  try {
    const run = runSandboxed({
      ...options,
      program: 'ffmpeg',
      inputPath: options.path,
      wallClockMs: 60_000,
      args: [...quietArgs, ...inputArgs(demuxer), ...output],
    })
    run.stdout.resume()
    await run.exited
    return true
  } catch (error) {
    if (error instanceof SandboxFailure) return false
    throw error
  }
}

import { PermanentError } from '@/lib/errors'
import type { Video } from '@/lib/generated/prisma/client'
import { withSourceFile } from '../media/load-video'
import { SandboxFailure } from '../process/sandbox'
import type { TaskRun } from '../runtime/handler'
import { generateCover } from './ffmpeg/cover'
import { generatePoster } from './ffmpeg/poster'
import type { ImageOptions } from './ffmpeg/render-images'
import { generateWaveform } from './ffmpeg/waveform'

/**
 * Renders the poster of a video: its cover art if it has one that can be decoded, else a frame of it, or the waveform of
 * an audio file.
 * @throws {PermanentError} video.unreadable, video.file_missing, sandbox.unexpected_file
 */
export async function renderPoster(run: PosterRun, video: Video, options: ImageOptions) {
  const cover = await renderCover(run, video, options)
  if (cover) return { poster: cover, hasCover: true }
  const poster = await (options.info.video ? generatePoster(options) : generateWaveform(options))
  return { poster, hasCover: false }
}

type PosterRun = Pick<TaskRun<unknown>, 'context' | 'signal' | 'log'>

async function renderCover(run: PosterRun, video: Video, options: ImageOptions) {
  const { coverIndex: streamIndex } = options.info
  if (streamIndex === null) return null
  try {
    // An indexed copy has no attached pictures.
    return await withSourceFile(run, { ...video, indexedBytes: null }, (sourcePath) =>
      generateCover({ ...options, sourcePath, streamIndex }),
    )
  } catch (err) {
    const isOfCover = err instanceof SandboxFailure || err instanceof PermanentError
    if (!isOfCover || run.signal.aborted) throw err
    run.log.warn({ err }, 'cover art cannot be used')
    return null
  }
}

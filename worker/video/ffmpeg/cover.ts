import { inputArgs } from '@/worker/media/input-args'
import { SANDBOX_OUTPUT_DIR } from '@/worker/process/bwrap-args'
import { requireSandboxFile } from '@/worker/process/sandbox-files'
import { ALPHA_TO_BLACK } from './picture-filters'
import { type ImageOptions, renderImages } from './render-images'

const MAX_SIDE = 1280

/**
 * Renders the cover art of an uploaded file, at most 1280 pixels wide and high, and returns the path of the image.
 * @throws {PermanentError} video.unreadable, sandbox.unexpected_file; SandboxFailure if it reaches a limit
 */
export const generateCover = ({ info, streamIndex, ...options }: ImageOptions & { streamIndex: number }) =>
  renderPicture({ ...options, demuxer: info.sourceDemuxer ?? info.demuxer, streamIndex })

/**
 * Encodes a picture again, at most 1280 pixels wide and high, and returns its path. Transparent parts become black.
 * @throws {PermanentError} video.unreadable, sandbox.unexpected_file; SandboxFailure if it reaches a limit
 */
export async function renderPicture({
  demuxer,
  streamIndex,
  ...options
}: Omit<ImageOptions, 'info'> & { demuxer: string; streamIndex: number }) {
  const file = 'picture.jpg'
  await renderImages(options, [
    ...inputArgs(demuxer),
    '-map',
    `0:${streamIndex}`,
    '-vf',
    [
      `scale=w='min(${MAX_SIDE},iw)':h='min(${MAX_SIDE},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2`,
      'setsar=1',
      ALPHA_TO_BLACK,
      'format=yuvj420p',
    ].join(','),
    '-frames:v',
    '1',
    '-q:v',
    '4',
    `${SANDBOX_OUTPUT_DIR}/${file}`,
  ])
  return requireSandboxFile(options.outputDir, file)
}

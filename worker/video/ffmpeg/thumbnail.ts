import { inputArgs } from '@/worker/media/input-args'
import { SANDBOX_OUTPUT_DIR } from '@/worker/process/bwrap-args'
import { requireSandboxFile } from '@/worker/process/sandbox-files'
import { type ImageOptions, renderImages } from './render-images'

/** Twice the width of a row's picture, for dense screens. */
const WIDTH = 224
const FILE = 'thumbnail.webp'

/**
 * Renders a poster in the size that lists show, as WebP, and returns its path.
 * @throws {PermanentError} video.unreadable if ffmpeg has no encoder for WebP
 */
export async function renderThumbnail(options: Omit<ImageOptions, 'info'>) {
  await renderImages(options, [
    ...inputArgs('jpeg_pipe'),
    '-vf',
    `scale=w='min(${WIDTH},iw)':h=-2`,
    '-c:v',
    'libwebp',
    '-quality',
    '75',
    '-frames:v',
    '1',
    `${SANDBOX_OUTPUT_DIR}/${FILE}`,
  ])
  return requireSandboxFile(options.outputDir, FILE)
}

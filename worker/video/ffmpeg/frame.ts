import { inputArgs } from '@/worker/media/input-args'
import { unreadableVideo } from '@/worker/media/unreadable-video'
import { SANDBOX_OUTPUT_DIR } from '@/worker/process/bwrap-args'
import { findSandboxFile } from '@/worker/process/sandbox-files'
import { decoderArgs, pictureFilters } from './picture-filters'
import { type ImageOptions, renderImages, scaleToWidth } from './render-images'

const FILE = 'frame.jpg'
const MAX_WIDTH = 1280
/** The last frame may begin long before the end: seconds to go back until there is one. */
const STEPS_BACK = [0, 0.1, 1, 5, 30, Number.POSITIVE_INFINITY]

/**
 * Renders the frame of a video at `atSeconds`, at most 1280 pixels wide; the last one if the video has ended by then. Returns
 * its path.
 * @throws {PermanentError} video.unreadable, sandbox.unexpected_file
 */
export async function generateFrame({ atSeconds, ...options }: ImageOptions & { atSeconds: number }) {
  const { info } = options
  const video = info.video!
  const { width, height } = scaleToWidth(video, Math.min(MAX_WIDTH, video.width))
  for (const step of STEPS_BACK) {
    await renderImages(options, [
      ...inputArgs(info.demuxer, [...decoderArgs(video), '-ss', Math.max(0, atSeconds - step).toFixed(3)]),
      '-map',
      `0:${video.index}`,
      '-vf',
      [`scale=${width}:${height}`, 'setsar=1', ...pictureFilters(video), 'format=yuvj420p'].join(','),
      '-frames:v',
      '1',
      '-q:v',
      '3',
      `${SANDBOX_OUTPUT_DIR}/${FILE}`,
    ])
    const file = await findSandboxFile(options.outputDir, FILE)
    if (file) return file
  }
  throw unreadableVideo('noVideo')
}

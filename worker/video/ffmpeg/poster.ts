import { inputArgs } from '@/worker/media/input-args'
import { unreadableVideo } from '@/worker/media/unreadable-video'
import { SANDBOX_OUTPUT_DIR } from '@/worker/process/bwrap-args'
import { requireSandboxFile } from '@/worker/process/sandbox-files'
import { decoderArgs, pictureFilters } from './picture-filters'
import { type ImageOptions, renderImages, scaleToWidth } from './render-images'

/** Positions to sample, as shares of the duration. The first frame with enough contrast is used. */
const POSTER_POSITIONS = [0.1, 0.3, 0.5, 0.75, 0]
/** Lowest accepted difference between the brightest and the darkest tenth of a frame, 0 to 255. */
const MIN_CONTRAST = 40

/**
 * Renders a poster, at most 1280 pixels wide: a representative frame, and not a blank one if another exists. Returns its
 * path.
 * @throws {PermanentError} video.unreadable, sandbox.unexpected_file
 */
export async function generatePoster(options: ImageOptions) {
  const { info } = options
  const video = info.video!
  const { width, height } = scaleToWidth(video, Math.min(1280, video.width))
  let best = { contrast: -1, file: '' }
  for (const [n, share] of POSTER_POSITIONS.entries()) {
    const file = `candidate-${n}.jpg`
    const printed = await renderImages(options, [
      ...inputArgs(info.demuxer, [...decoderArgs(video), '-ss', (info.durationSeconds * share).toFixed(3)]),
      '-map',
      `0:${video.index}`,
      '-vf',
      [
        // Scale first: fifty frames of the largest size do not fit into memory.
        `scale=${width}:${height}`,
        'setsar=1',
        'thumbnail=50',
        ...pictureFilters(video),
        'signalstats',
        'metadata=mode=print:file=-',
        'format=yuvj420p',
      ].join(','),
      '-frames:v',
      '1',
      '-q:v',
      '4',
      `${SANDBOX_OUTPUT_DIR}/${file}`,
    ])
    const contrast = readSignalStat(printed, 'YHIGH') - readSignalStat(printed, 'YLOW')
    if (contrast > best.contrast) best = { contrast, file }
    if (contrast >= MIN_CONTRAST) break
  }
  if (!best.file) throw unreadableVideo('noVideo')
  return requireSandboxFile(options.outputDir, best.file)
}

/** NaN if nothing was printed: the file has no frame at this position. */
const readSignalStat = (printed: string, name: string) =>
  Number(new RegExp(`signalstats\\.${name}=(\\d+)`).exec(printed)?.[1] ?? Number.NaN)

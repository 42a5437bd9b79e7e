import { inputArgs } from '@/worker/media/input-args'
import { mixFilters } from '@/worker/media/mix-filters'
import { SANDBOX_OUTPUT_DIR } from '@/worker/process/bwrap-args'
import { requireSandboxFile } from '@/worker/process/sandbox-files'
import { type ImageOptions, renderImages } from './render-images'

/**
 * Renders the waveform of an audio file and returns the path of the image.
 * @throws {PermanentError} video.unreadable, sandbox.unexpected_file
 */
export async function generateWaveform(options: ImageOptions) {
  const { info } = options
  const [track] = info.audio
  // The filter holds every sample in memory, and the image is only 1200 pixels wide.
  const sampleRate = Math.round(Math.min(8_000, Math.max(500, 20_000_000 / info.durationSeconds)))
  const filters = [...mixFilters(track!), `aformat=channel_layouts=mono:sample_rates=${sampleRate}`]
  const audio = `[0:${track!.index}]${filters.join(',')}`
  await renderImages(options, [
    ...inputArgs(info.demuxer),
    '-filter_complex',
    `color=0x0f1716:s=1280x720:d=1[bg];${audio},showwavespic=s=1200x360:colors=0x2dd4bf:scale=sqrt[wave];[bg][wave]overlay=(W-w)/2:(H-h)/2,format=yuvj420p`,
    '-frames:v',
    '1',
    '-q:v',
    '4',
    `${SANDBOX_OUTPUT_DIR}/waveform.jpg`,
  ])
  return requireSandboxFile(options.outputDir, 'waveform.jpg')
}

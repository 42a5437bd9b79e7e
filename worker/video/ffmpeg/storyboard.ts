import { formatCueTime } from '@/lib/text/format-cue-time'
import { inputArgs } from '@/worker/media/input-args'
import { SANDBOX_OUTPUT_DIR } from '@/worker/process/bwrap-args'
import { NICENESS } from '@/worker/process/niceness'
import { findSandboxFile } from '@/worker/process/sandbox-files'
import { decoderArgs, pictureFilters } from './picture-filters'
import { type ImageOptions, renderImages, scaleToWidth } from './render-images'

const TILE = { width: 160, columns: 10, rows: 10 }
const TILES_PER_SHEET = TILE.columns * TILE.rows
const MAX_TILES = 200

/**
 * Renders sheets of thumbnails, `sheet-1.jpg` and so on. Returns their paths in order, and a WebVTT file with the times
 * (`#xywh`).
 * @throws {PermanentError} video.unreadable, sandbox.unexpected_file
 */
export async function generateStoryboard(options: ImageOptions) {
  const { info, outputDir } = options
  const video = info.video!
  const { durationSeconds } = info
  const everySeconds = Math.max(1, durationSeconds / MAX_TILES)
  const { height } = scaleToWidth(video, TILE.width)
  // Decoding only key frames is about a hundred times faster, and sufficient if they are close to the thumbnails.
  const isDense = video.keyframeGapSeconds <= 1.5 * everySeconds || durationSeconds > 30 * 60
  await renderImages({ ...options, niceness: NICENESS.thumbnails }, [
    ...inputArgs(info.demuxer, [...decoderArgs(video), ...(isDense ? ['-skip_frame', 'nokey'] : [])]),
    '-map',
    `0:${video.index}`,
    '-vf',
    [
      // A thumbnail shows the last frame before its time.
      `fps=1/${everySeconds.toFixed(6)}:round=up:start_time=0`,
      // The last picture stays until the sound ends.
      `tpad=stop_mode=clone:stop_duration=${(durationSeconds - (video.endSeconds ?? durationSeconds)).toFixed(3)}`,
      `scale=${TILE.width}:${height}`,
      'setsar=1',
      ...pictureFilters(video),
      'format=yuvj420p',
      `tile=${TILE.columns}x${TILE.rows}`,
    ].join(','),
    '-vsync',
    'vfr',
    '-q:v',
    '5',
    `${SANDBOX_OUTPUT_DIR}/sheet-%d.jpg`,
  ])
  const expectedTiles = Math.ceil(durationSeconds / everySeconds)
  const sheets = await findSheets(outputDir, Math.ceil(expectedTiles / TILES_PER_SHEET))
  const tiles = Math.min(expectedTiles, sheets.length * TILES_PER_SHEET)
  return { sheets, vtt: buildStoryboardVtt({ tiles, everySeconds, durationSeconds, height }) }
}

/** Paths of the sheets up to the first missing one. */
async function findSheets(outputDir: string, maxCount: number) {
  const sheets: string[] = []
  while (sheets.length < maxCount) {
    const file = await findSandboxFile(outputDir, `sheet-${sheets.length + 1}.jpg`)
    if (!file) break
    sheets.push(file)
  }
  return sheets
}

export function buildStoryboardVtt(options: {
  tiles: number
  everySeconds: number
  durationSeconds: number
  height: number
}) {
  const { tiles, everySeconds, durationSeconds, height } = options
  const cues = Array.from({ length: tiles }, (_, n) => {
    const x = ((n % TILES_PER_SHEET) % TILE.columns) * TILE.width
    const y = Math.floor((n % TILES_PER_SHEET) / TILE.columns) * height
    const from = formatCueTime(n * everySeconds)
    const to = formatCueTime(Math.min(durationSeconds, (n + 1) * everySeconds))
    return `${from} --> ${to}\nsheet-${Math.floor(n / TILES_PER_SHEET) + 1}.jpg#xywh=${x},${y},${TILE.width},${height}\n`
  })
  return `WEBVTT\n\n${cues.join('\n')}`
}

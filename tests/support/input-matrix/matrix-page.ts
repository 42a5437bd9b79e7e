import type { MediaInfo } from '@/lib/videos/media-info'
import { ABSENT } from './formats'
import type { Outcome } from './find-faults'
import type { Input } from './plan-inputs'

export const MATRIX_PAGE = 'docs/input-matrix.md'

/** What became of an input. */
export interface Result {
  info: Pick<MediaInfo, 'durationSeconds' | 'video'>
  outcome: { video: Outcome; audio: Outcome }
}

const INTRODUCTION = `# Input matrix

Every row is a file that \`tests/integration/media/input-matrix.test.ts\` generates, inspects and transcodes with the
functions of the worker. The test compares each rendition with what was put in: duration (±0.1 s), displayed size, colors of the
four corners (so the orientation is right), the frequency of the sound in each channel, and the time of an event in picture and
sound (±0.05 s). It then compares its results with this page, which \`npx vitest run -u tests/integration/media/input-matrix.test.ts\`
rewrites.

The rows are selected so that each possible pair of container and video codec, container and audio codec, container and
orientation, container and frame rate, video codec and pixel format, audio codec and channel layout, and audio codec and sampling
rate occurs. "Copied" tracks are published without encoding. The encoders are those of ffmpeg in Debian 12, which has none for
HE-AAC, AMR and VC-1.
`

const HEADER = [
  'Container',
  'Video',
  'Pixel format',
  'Orientation',
  'Frames per second',
  'Audio',
  'Channels',
  'Samples per second',
  'Displayed size',
  'Seconds',
  'Picture',
  'Sound',
]

/** The first cells of a row. */
export const inputCells = ({
  container,
  video,
  pixels,
  orientation,
  rate,
  audio,
  layout,
  sampleRate,
}: Input) => [
  container,
  video,
  pixels,
  video === ABSENT ? ABSENT : orientation,
  rate,
  audio,
  layout,
  sampleRate,
]

/** The text of the page, as the formatter leaves it. */
export function renderMatrixPage(inputs: Input[], readResult: (input: Input) => Result) {
  const rows = inputs.map((input) => {
    const { info, outcome } = readResult(input)
    const size = info.video ? `${info.video.width}×${info.video.height}` : ABSENT
    return [...inputCells(input), size, info.durationSeconds.toFixed(1), outcome.video, outcome.audio]
  })
  const all = [HEADER, ...rows]
  const widths = HEADER.map((_, n) => Math.max(...all.map((row) => row[n]!.length)))
  const line = (row: string[]) => `| ${row.map((cell, n) => cell.padEnd(widths[n]!)).join(' | ')} |`
  const rule = line(widths.map((width) => '-'.repeat(width)))
  return [INTRODUCTION, line(HEADER), rule, ...rows.map(line), ''].join('\n')
}

/** The cells of the rows of the page. */
export const readMatrixPage = (page: string) =>
  page
    .split('\n')
    .filter((text) => text.startsWith('| '))
    .slice(2)
    .map((text) =>
      text
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )

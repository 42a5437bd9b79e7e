import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { MediaInfo, VideoTrackInfo } from '@/lib/videos/media-info'
import { SANDBOX_OUTPUT_DIR } from '@/worker/process/bwrap-args'
import { runSandboxed, SandboxFailure } from '@/worker/process/sandbox'
import { unreadableVideo } from './ffprobe'
import { inputArgs, quietArgs, HDR_TO_SDR_FILTER } from './ladder-args'

interface Options {
  sourcePath: string
  info: MediaInfo
  /** Where the pictures are put. */
  outputDir: string
  signal: AbortSignal
  memoryBytes: number
}

const TILE = { width: 160, columns: 10, rows: 10 }
const MAX_TILES = 200

/** Where a poster is looked for, as shares of the duration. The first with something to see is taken. */
const POSTER_POSITIONS = [0.1, 0.3, 0.5, 0.75, 0]
/** Difference of the brightest and the darkest tenth of a picture, of 255, from which there is something to see. */
const MIN_CONTRAST = 40

/** `poster.jpg`: the most typical of some frames, not an empty one where another is to be had; at most 1280 wide. */
export async function generatePoster(given: Options) {
  const { durationSeconds } = given.info
  const video = given.info.video!
  const { width, height } = scaleToWidth(video, Math.min(1280, video.width))
  let best = { contrast: -1, file: '' }
  for (const [n, share] of POSTER_POSITIONS.entries()) {
    const file = `candidate-${n}.jpg`
    const printed = await runFfmpeg(given, [
      ...inputArgs(given.info.demuxer, ['-ss', (durationSeconds * share).toFixed(3)]),
      '-map',
      `0:${video!.index}`,
      '-vf',
      [
        // First made small: fifty of the largest do not fit into memory.
        `scale=${width}:${height}`,
        'setsar=1',
        'thumbnail=50',
        ...sdrFilters(given.info),
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
  if (!best.file) throw unreadableVideo('no picture could be taken from it')
  await rename(path.join(given.outputDir, best.file), path.join(given.outputDir, 'poster.jpg'))
  const left = (await readdir(given.outputDir)).filter((name) => name.startsWith('candidate-'))
  for (const name of left) await rm(path.join(given.outputDir, name))
}

function scaleToWidth(video: VideoTrackInfo, width: number) {
  const even = (pixels: number) => Math.max(2, Math.round(pixels / 2) * 2)
  return { width: even(width), height: even((width * video.height) / video.width) }
}

// Nothing printed: there was no frame so late in the file.
const readSignalStat = (printed: string, name: string) =>
  Number(new RegExp(`signalstats\\.${name}=(\\d+)`).exec(printed)?.[1] ?? Number.NaN)
const sdrFilters = (info: MediaInfo) => (info.video!.isHdr ? [HDR_TO_SDR_FILTER] : [])

/** `poster.jpg` of an audio file: its waveform. */
export async function generateWaveform(given: Options) {
  const [track] = given.info.audio
  // The filter holds all samples in memory, and the picture is 1200 points wide.
  const sampleRate = Math.round(Math.min(8_000, Math.max(500, 20_000_000 / given.info.durationSeconds)))
  const sound = `[0:${track!.index}]aformat=channel_layouts=mono:sample_rates=${sampleRate}`
  await runFfmpeg(given, [
    ...inputArgs(given.info.demuxer),
    '-filter_complex',
    `color=0x0f1716:s=1280x720:d=1[bg];${sound},showwavespic=s=1200x360:colors=0x2dd4bf:scale=sqrt[wave];[bg][wave]overlay=(W-w)/2:(H-h)/2,format=yuvj420p`,
    '-frames:v',
    '1',
    '-q:v',
    '4',
    `${SANDBOX_OUTPUT_DIR}/poster.jpg`,
  ])
}

/** Sheets `sheet-1.jpg` … of thumbnails and `storyboard.vtt`, which says when each is shown (WebVTT, #xywh). */
export async function generateStoryboard(given: Options) {
  const video = given.info.video!
  const { durationSeconds } = given.info
  const every = Math.max(1, durationSeconds / MAX_TILES)
  const { height } = scaleToWidth(video, TILE.width)
  // Only key frames are decoded where they are close enough to the thumbnails: a hundred times quicker.
  const isDense = video.keyframeGapSeconds <= 1.5 * every || durationSeconds > 30 * 60
  await runFfmpeg(given, [
    ...inputArgs(given.info.demuxer, isDense ? ['-skip_frame', 'nokey'] : []),
    '-map',
    `0:${video.index}`,
    '-vf',
    [
      // A thumbnail shows the last frame up to its moment.
      `fps=1/${every.toFixed(6)}:round=up:start_time=0`,
      `scale=${TILE.width}:${height}`,
      'setsar=1',
      ...sdrFilters(given.info),
      'format=yuvj420p',
      `tile=${TILE.columns}x${TILE.rows}`,
    ].join(','),
    '-vsync',
    'vfr',
    '-q:v',
    '5',
    `${SANDBOX_OUTPUT_DIR}/sheet-%d.jpg`,
  ])
  const sheets = (await readdir(given.outputDir)).filter((name) => name.startsWith('sheet-')).length
  const tiles = Math.min(Math.ceil(durationSeconds / every), sheets * TILE.columns * TILE.rows)
  await writeFile(
    path.join(given.outputDir, 'storyboard.vtt'),
    buildStoryboardVtt({ tiles, every, durationSeconds, height }),
  )
}

export function buildStoryboardVtt(options: {
  tiles: number
  every: number
  durationSeconds: number
  height: number
}) {
  const cues = Array.from({ length: options.tiles }, (_, n) => {
    const perSheet = TILE.columns * TILE.rows
    const x = ((n % perSheet) % TILE.columns) * TILE.width
    const y = Math.floor((n % perSheet) / TILE.columns) * options.height
    const from = formatVttTime(n * options.every)
    const to = formatVttTime(Math.min(options.durationSeconds, (n + 1) * options.every))
    return `${from} --> ${to}\nsheet-${Math.floor(n / perSheet) + 1}.jpg#xywh=${x},${y},${TILE.width},${options.height}\n`
  })
  return `WEBVTT\n\n${cues.join('\n')}`
}

function formatVttTime(seconds: number) {
  const ms = Math.round(seconds * 1000)
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`
}

/** Runs ffmpeg and gives what it prints, its progress included, which shows that it is not stuck. */
async function runFfmpeg(given: Options, args: string[]) {
  const running = runSandboxed({
    ...given,
    program: 'ffmpeg',
    inputPath: given.sourcePath,
    wallClockMs: 60 * 60_000,
    args: [...quietArgs, '-y', '-progress', 'pipe:1', '-stats_period', '5', ...args],
  })
  let printed = ''
  running.stdout.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-16_384)))
  await running.exited.catch((error: unknown) => {
    throw error instanceof SandboxFailure && error.reason === 'exit'
      ? unreadableVideo('no picture could be taken from it', error)
      : error
  })
  return printed
}

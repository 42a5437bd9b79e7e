import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { MediaInfo } from '@/lib/videos/media-info'
import { GUEST_OUTPUT, runSandboxed, SandboxFailure } from '@/worker/sandbox/sandbox'
import { inputArgs, quietArgs } from './ladder-args'
import { unreadable } from './ffprobe'

interface Given {
  sourcePath: string
  info: MediaInfo
  /** Where the pictures are put. */
  outputDir: string
  signal: AbortSignal
  memoryBytes: number
}

const TILE = { width: 160, columns: 10, rows: 10 }
const MAX_TILES = 200

/** `poster.jpg`: the most typical of some frames a tenth into the video, at most 1280 wide. */
export async function makePoster(given: Given) {
  const from = ['-ss', (given.info.durationSeconds / 10).toFixed(3)]
  await run(given, [
    ...inputArgs(given.info.demuxer, from), '-map', `0:${given.info.video!.index}`, '-vf',
    `thumbnail=25,scale='min(1280,iw*sar)':-2,setsar=1,format=yuvj420p`, '-frames:v', '1', '-q:v', '4', `${GUEST_OUTPUT}/poster.jpg`,
  ])
}

/** `poster.jpg` of an audio file: its waveform. */
export async function makeWaveform(given: Given) {
  await run(given, [
    ...inputArgs(given.info.demuxer), '-filter_complex',
    `color=0x0f1716:s=1280x720[bg];[0:${given.info.audio[0]!.index}]aformat=channel_layouts=mono,showwavespic=s=1200x360:colors=0x2dd4bf[wave];[bg][wave]overlay=(W-w)/2:(H-h)/2`,
    '-frames:v', '1', '-q:v', '4', `${GUEST_OUTPUT}/poster.jpg`,
  ])
}

/** Sheets `sheet-1.jpg` … of thumbnails and `storyboard.vtt`, which says when each is shown (WebVTT, #xywh). */
export async function makeStoryboard(given: Given) {
  const video = given.info.video!
  const { durationSeconds } = given.info
  const every = Math.max(1, durationSeconds / MAX_TILES)
  const height = Math.max(2, Math.round((TILE.width * video.height) / video.width / 2) * 2)
  await run(given, [
    // Only key frames are decoded: a hundred times quicker on long videos.
    ...inputArgs(given.info.demuxer, durationSeconds > 120 ? ['-skip_frame', 'nokey'] : []), '-map', `0:${video.index}`,
    '-vf', `fps=1/${every.toFixed(4)}:round=up,scale=${TILE.width}:${height},setsar=1,format=yuvj420p,tile=${TILE.columns}x${TILE.rows}`,
    '-vsync', 'vfr', '-q:v', '5', `${GUEST_OUTPUT}/sheet-%d.jpg`,
  ])
  const sheets = (await readdir(given.outputDir)).filter((name) => name.startsWith('sheet-')).length
  const tiles = Math.min(Math.ceil(durationSeconds / every), sheets * TILE.columns * TILE.rows)
  await writeFile(path.join(given.outputDir, 'storyboard.vtt'), storyboardVtt({ tiles, every, durationSeconds, height }))
}

export function storyboardVtt(options: { tiles: number; every: number; durationSeconds: number; height: number }) {
  const cues = Array.from({ length: options.tiles }, (_, n) => {
    const perSheet = TILE.columns * TILE.rows
    const x = ((n % perSheet) % TILE.columns) * TILE.width
    const y = Math.floor((n % perSheet) / TILE.columns) * options.height
    const from = clock(n * options.every)
    const to = clock(Math.min(options.durationSeconds, (n + 1) * options.every))
    return `${from} --> ${to}\nsheet-${Math.floor(n / perSheet) + 1}.jpg#xywh=${x},${y},${TILE.width},${options.height}\n`
  })
  return `WEBVTT\n\n${cues.join('\n')}`
}

const clock = (seconds: number) => new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23)

async function run(given: Given, args: string[]) {
  const running = runSandboxed({
    ...given, program: 'ffmpeg', args: [...quietArgs, ...args], inputPath: given.sourcePath, wallClockMs: 60 * 60_000, stallMs: 60 * 60_000,
  })
  running.stdout.resume()
  await running.ended.catch((error: unknown) => {
    throw error instanceof SandboxFailure && error.reason === 'exit' ? unreadable('no picture could be taken from it', error) : error
  })
}

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { planChunks } from '@/lib/videos/chunks'
import { planLadder } from '@/lib/videos/ladder'
import { copyStreams } from '@/worker/video/ffmpeg/copy-streams'
import { encodeChunk } from '@/worker/video/ffmpeg/encode-chunk'
import { probeMedia } from '@/worker/video/ffmpeg/probe-media'
import { neverAborted } from '@/tests/support/never-aborted'
import { generateLongClip } from './generate-clips'
import { median, type Measurement, measureMs } from './measurement'

const ROUNDS = 3
const SECONDS = 30
const execFileAsync = promisify(execFile)

/** Compares encoding the ladder as the worker does with a single ffmpeg command and with one process per rendition. */
export async function benchmarkLadder(): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  try {
    const clip = await generateLongClip(dir, { seconds: SECONDS, isWebSafe: true })
    const limits = { signal: neverAborted, memoryBytes: 6 * 1024 ** 3 }
    const info = await probeMedia({ path: clip, ...limits })
    const ladder = planLadder(info)
    const ignore = async () => undefined
    const options = {
      ...limits,
      sourcePath: clip,
      info,
      ladder,
      wallClockMs: 3_600_000,
      isStored: () => false,
      onInit: ignore,
      onSegment: ignore,
    }
    const encodeChunks = async () => {
      for (const chunk of planChunks(info))
        await encodeChunk({ ...options, chunk, threads: 2, onProgress: () => undefined })
    }
    const ours = () => Promise.all([copyStreams(options), encodeChunks()])
    const renditions = ladder.encodes.map((plan) => ({ ...plan, out: path.join(dir, `${plan.name}.mp4`) }))
    const ffmpeg = (...args: string[]) => execFileAsync('ffmpeg', ['-y', '-v', 'error', '-i', clip, ...args])
    const singleCommand = () =>
      ffmpeg(
        '-filter_complex',
        scaleFilterGraph(renditions),
        ...renditions.flatMap((one, n) => ['-map', `[o${n}]`, ...encodeArgs(one), one.out]),
      )
    const perRendition = async () => {
      for (const { width, height, out, maxRateBps } of renditions)
        await ffmpeg('-an', '-vf', `scale=${width}:${height}`, ...encodeArgs({ maxRateBps }), out)
    }
    const times = { ours: [] as number[], singleCommand: [] as number[], perRendition: [] as number[] }
    for (let round = 0; round < ROUNDS; round++) {
      times.ours.push(await measureMs(ours))
      times.singleCommand.push(await measureMs(singleCommand))
      times.perRendition.push(await measureMs(perRendition))
    }
    return [
      { name: `ladder of ${SECONDS} s of 1080p`, value: median(times.ours) / 1000, unit: 's' },
      {
        name: 'ladder / single ffmpeg command',
        value: median(times.ours) / median(times.singleCommand),
        unit: 'ratio',
        aim: '≤ 1.10',
      },
      {
        name: 'ladder / one process per rendition',
        value: median(times.ours) / median(times.perRendition),
        unit: 'ratio',
      },
    ]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

interface RenditionArgs {
  width: number
  height: number
  maxRateBps: number
  out: string
}

const scaleFilterGraph = (renditions: RenditionArgs[]) =>
  renditions
    .map(({ width, height }, n) => {
      const split = n < renditions.length - 1 ? `,split=2[o${n}][n${n + 1}]` : `[o${n}]`
      return `${n === 0 ? '[0:v]' : `[n${n}]`}scale=${width}:${height}${split}`
    })
    .join(';')

const encodeArgs = ({ maxRateBps }: Pick<RenditionArgs, 'maxRateBps'>) =>
  `-c:v libx264 -preset veryfast -crf 23 -maxrate ${maxRateBps} -bufsize ${2 * maxRateBps} -g 100`.split(' ')

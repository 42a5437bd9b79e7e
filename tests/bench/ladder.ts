import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { planLadder } from '@/lib/videos/ladder'
import { encodeLadder } from '@/worker/video/ffmpeg/encode-ladder'
import { probeMedia } from '@/worker/video/ffmpeg/probe-media'
import { generateLongClip } from './generate-clips'
import { median, type Measurement, measureMs } from './measurement'

const ROUNDS = 3
const SECONDS = 30
const execFileAsync = promisify(execFile)

/** The ladder as the worker makes it, beside one ffmpeg command written by hand and one process per rung; in turns. */
export async function benchmarkLadder(): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  try {
    const clip = await generateLongClip(dir, { seconds: SECONDS, isWebSafe: true })
    const given = { signal: new AbortController().signal, memoryBytes: 6 * 1024 ** 3 }
    const info = await probeMedia({ path: clip, ...given })
    const ladder = planLadder(info)
    const nothing = async () => undefined
    const ours = () =>
      encodeLadder({
        ...given,
        sourcePath: clip,
        info,
        ladder,
        stored: new Map(),
        threads: 2,
        wallClockMs: 3_600_000,
        onInit: nothing,
        onSegment: nothing,
        onRenditionDone: nothing,
        onProgress: () => undefined,
      })
    const rungs = ladder.encodes.map((rung) => ({ ...rung, out: path.join(dir, `${rung.name}.mp4`) }))
    const ffmpeg = (...args: string[]) => execFileAsync('ffmpeg', ['-y', '-v', 'error', '-i', clip, ...args])
    const byHand = () =>
      ffmpeg(
        '-filter_complex',
        scaleFilterGraph(rungs),
        ...rungs.flatMap((rung, n) => ['-map', `[o${n}]`, ...encodeArgs(rung), rung.out]),
      )
    const perRung = async () => {
      for (const rung of rungs)
        await ffmpeg('-an', '-vf', `scale=${rung.width}:${rung.height}`, ...encodeArgs(rung), rung.out)
    }
    const times = { ours: [] as number[], byHand: [] as number[], perRung: [] as number[] }
    for (let round = 0; round < ROUNDS; round++) {
      times.ours.push(await measureMs(ours))
      times.byHand.push(await measureMs(byHand))
      times.perRung.push(await measureMs(perRung))
    }
    return [
      { name: `ladder of ${SECONDS} s of 1080p`, value: median(times.ours) / 1000, unit: 's' },
      {
        name: 'ladder / one cascade by hand',
        value: median(times.ours) / median(times.byHand),
        unit: 'ratio',
        aim: '≤ 1.10',
      },
      {
        name: 'ladder / one process per rung',
        value: median(times.ours) / median(times.perRung),
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

const scaleFilterGraph = (rungs: RenditionArgs[]) =>
  rungs
    .map((rung, n) => {
      const split = n < rungs.length - 1 ? `,split=2[o${n}][n${n + 1}]` : `[o${n}]`
      return `${n === 0 ? '[0:v]' : `[n${n}]`}scale=${rung.width}:${rung.height}${split}`
    })
    .join(';')

const encodeArgs = (rung: RenditionArgs) =>
  `-c:v libx264 -preset veryfast -crf 23 -maxrate ${rung.maxRateBps} -bufsize ${2 * rung.maxRateBps} -g 100`.split(
    ' ',
  )

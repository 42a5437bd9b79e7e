import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { planLadder } from '@/lib/videos/ladder'
import { makeLadder } from '@/worker/video/engine/make-ladder'
import { probeMedia } from '@/worker/video/engine/probe'
import { makeLongClip } from './clips'
import { median, type Row, timed } from './row'

const ROUNDS = 3
const SECONDS = 30
const execute = promisify(execFile)

/** The ladder as the worker makes it, beside one ffmpeg command written by hand and one process per rung; in turns. */
export async function run(): Promise<Row[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  try {
    const clip = await makeLongClip(dir, { seconds: SECONDS, isWebSafe: true })
    const given = { signal: new AbortController().signal, memoryBytes: 6 * 1024 ** 3 }
    const info = await probeMedia({ path: clip, ...given })
    const ladder = planLadder(info)
    const nothing = async () => undefined
    const ours = () =>
      makeLadder({
        ...given,
        sourcePath: clip,
        info,
        ladder,
        stored: new Map(),
        threads: 2,
        wallClockMs: 3_600_000,
        onInit: nothing,
        onSegment: nothing,
        onEnd: nothing,
        onProgress: () => undefined,
      })
    const rungs = ladder.encodes.map((rung) => ({ ...rung, out: path.join(dir, `${rung.name}.mp4`) }))
    const ffmpeg = (...args: string[]) => execute('ffmpeg', ['-y', '-v', 'error', '-i', clip, ...args])
    const byHand = () =>
      ffmpeg(
        '-filter_complex',
        cascade(rungs),
        ...rungs.flatMap((rung, n) => ['-map', `[o${n}]`, ...encode(rung), rung.out]),
      )
    const perRung = async () => {
      for (const rung of rungs)
        await ffmpeg('-an', '-vf', `scale=${rung.width}:${rung.height}`, ...encode(rung), rung.out)
    }
    const times = { ours: [] as number[], byHand: [] as number[], perRung: [] as number[] }
    for (let round = 0; round < ROUNDS; round++) {
      times.ours.push(await timed(ours))
      times.byHand.push(await timed(byHand))
      times.perRung.push(await timed(perRung))
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

interface Rung {
  width: number
  height: number
  maxRateBps: number
  out: string
}

const cascade = (rungs: Rung[]) =>
  rungs
    .map((rung, n) => {
      const split = n < rungs.length - 1 ? `,split=2[o${n}][n${n + 1}]` : `[o${n}]`
      return `${n === 0 ? '[0:v]' : `[n${n}]`}scale=${rung.width}:${rung.height}${split}`
    })
    .join(';')

const encode = (rung: Rung) =>
  `-c:v libx264 -preset veryfast -crf 23 -maxrate ${rung.maxRateBps} -bufsize ${2 * rung.maxRateBps} -g 100`.split(
    ' ',
  )

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Chunk, planChunks } from '@/lib/videos/chunks'
import { planLadder } from '@/lib/videos/ladder'
import { encodeChunk } from '@/worker/video/ffmpeg/encode-chunk'
import { probeMedia } from '@/worker/video/ffmpeg/probe-media'
import { neverAborted } from '@/tests/support/never-aborted'
import { generateLongClip } from './generate-clips'
import { median, type Measurement } from './measurement'

const ROUNDS = 2
const SECONDS = 120

/** Compares the ladder of a video in chunks, one after the other, with the ladder in a single pass. */
export async function benchmarkChunks(): Promise<Measurement[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-bench-'))
  try {
    const clip = await generateLongClip(dir, { seconds: SECONDS, isWebSafe: true })
    const limits = { signal: neverAborted, memoryBytes: 6 * 1024 ** 3 }
    const info = await probeMedia({ path: clip, ...limits })
    const ignore = async () => undefined
    const encode = async (chunks: Chunk[]) => {
      for (const chunk of chunks)
        await encodeChunk({
          ...limits,
          chunk,
          sourcePath: clip,
          info,
          ladder: planLadder(info),
          threads: 2,
          wallClockMs: 3_600_000,
          isStored: () => false,
          onInit: ignore,
          onSegment: ignore,
          onProgress: () => undefined,
        })
    }
    const chunks = planChunks(info)
    const rounds: Record<'inChunks' | 'singlePass', { wallSeconds: number; cpuSeconds: number }>[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const inChunks = await measureCost(() => encode(chunks))
      const singlePass = await measureCost(() => encode([{ startSeconds: 0, endSeconds: null }]))
      rounds.push({ inChunks, singlePass })
    }
    const ratio = (of: 'wallSeconds' | 'cpuSeconds') =>
      median(rounds.map(({ inChunks, singlePass }) => inChunks[of] / singlePass[of]))
    const added = rounds.map(({ inChunks, singlePass }) => inChunks.wallSeconds - singlePass.wallSeconds)
    return [
      { name: `chunks of ${SECONDS} s of 1080p`, value: chunks.length, unit: 'count' },
      {
        name: 'wall time in chunks / in a single pass',
        value: ratio('wallSeconds'),
        unit: 'ratio',
        aim: '≤ 1.05',
      },
      {
        name: 'CPU time in chunks / in a single pass',
        value: ratio('cpuSeconds'),
        unit: 'ratio',
        aim: '≤ 1.05',
      },
      { name: 'added wall time per chunk', value: (1000 * median(added)) / chunks.length, unit: 'ms' },
    ]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const SAMPLE_INTERVAL_MS = 100

/** Measures wall time, and the CPU time of all descendants of this process, up to the last sample of each. */
async function measureCost(work: () => Promise<void>) {
  const cpuSeconds = new Map<number, number>()
  const sample = () => {
    for (const [pid, seconds] of readDescendants()) cpuSeconds.set(pid, seconds)
  }
  const timer = setInterval(sample, SAMPLE_INTERVAL_MS)
  const startedAt = performance.now()
  await work()
  const wallSeconds = (performance.now() - startedAt) / 1000
  clearInterval(timer)
  return { wallSeconds, cpuSeconds: [...cpuSeconds.values()].reduce((sum, seconds) => sum + seconds, 0) }
}

/** Returns the CPU seconds of each descendant of this process, from its utime and stime in proc(5). */
function readDescendants() {
  const found = new Map<number, { parent: number; seconds: number }>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ')
      // In ticks of 10 ms.
      const seconds = (Number(fields[11]) + Number(fields[12])) / 100
      found.set(Number(name), { parent: Number(fields[1]), seconds })
    } catch {
      // It has just ended.
    }
  }
  const isDescendant = (pid: number): boolean => {
    const parent = found.get(pid)?.parent
    return parent !== undefined && (parent === process.pid || isDescendant(parent))
  }
  return [...found].flatMap(([pid, { seconds }]): [number, number][] =>
    isDescendant(pid) ? [[pid, seconds]] : [],
  )
}

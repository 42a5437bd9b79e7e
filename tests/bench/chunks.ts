import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
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

/** Measures wall time, and the CPU time of the ended child processes. */
async function measureCost(work: () => Promise<void>) {
  const cpuBefore = await readChildrenCpuSeconds()
  const startedAt = performance.now()
  await work()
  const wallSeconds = (performance.now() - startedAt) / 1000
  return { wallSeconds, cpuSeconds: (await readChildrenCpuSeconds()) - cpuBefore }
}

/** proc(5), stat: cutime and cstime are the fields 16 and 17, in ticks. */
async function readChildrenCpuSeconds() {
  const { stdout } = await promisify(execFile)('getconf', ['CLK_TCK'])
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[13]) + Number(fields[14])) / Number(stdout)
}

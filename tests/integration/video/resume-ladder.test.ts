import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectAlike, expectSameRendition } from '@/tests/support/compare-renditions'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { findClicks, readFrames, readPictures } from '@/tests/support/media-analysis'
import { LadderRun } from '@/tests/support/ladder-run'
import { findProcesses } from '@/tests/support/processes'

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'resume-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const createLadderRun = async (name: MediaName) =>
  new LadderRun(await generateMedia(name), await mkdtemp(path.join(root, 'run-')))

async function expectSameRenditions(run: LadderRun, expected: LadderRun) {
  for (const name of expected.segments.keys())
    await expectSameRendition({
      name,
      rendition: run.readRendition(name),
      expected: expected.readRendition(name),
      init: expected.inits.get(name)!,
      dir: root,
    })
}

/** Starts in the middle, as several workers do. */
const SHORT_CHUNKS = [
  { startSeconds: 8, endSeconds: 12 },
  { startSeconds: 12, endSeconds: null },
  { startSeconds: 4, endSeconds: 8 },
  { startSeconds: 0, endSeconds: 4 },
]

describe('chunks', () => {
  it('contain every frame exactly once, at regular times and in segments that start where those of one chunk do', async () => {
    const whole = await createLadderRun('counter.mkv')
    whole.chunks = [{ startSeconds: 0, endSeconds: null }]
    await whole.run()
    const inChunks = await createLadderRun('counter.mkv')
    inChunks.chunks = SHORT_CHUNKS
    await inChunks.run()
    const file = inChunks.renditionPath('180p')
    const numbers = (await readPictures(file, { width: 10, height: 1 })).map((columns) =>
      columns.reduce((sum, luma, bit) => sum + (luma > 128 ? 2 ** bit : 0), 0),
    )
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, n) => n))
    expect(numbers.length).toBeGreaterThan(415)
    const times = (await readFrames(file)).map(({ seconds }) => seconds)
    times.forEach((seconds, n) => expect(seconds).toBeCloseTo(10 + (n * 1001) / 30_000, 4))
    const starts = (run: LadderRun) =>
      run.segments.get('180p')!.map(({ index, startSeconds }) => [index, startSeconds.toFixed(4)])
    expect(starts(inChunks)).toEqual(starts(whole))
    expect(inChunks.readRendition('audio-0').equals(whole.readRendition('audio-0'))).toBe(true)
    const clicks = await findClicks(inChunks.renditionPath('audio-0'))
    expect(clicks).toHaveLength(14)
    clicks.forEach((seconds, n) => expect(Math.abs(seconds - 10 - n), `click ${n}`).toBeLessThan(0.001))
    // The chunks have four seconds and, the last, the remaining two or so: progress is counted from their start.
    const longest = Math.max(...inChunks.progress.map(({ mediaSeconds }) => mediaSeconds))
    expect(longest).toBeGreaterThan(3)
    expect(longest).toBeLessThan(4.5)
  })

  it('show the picture from before their start if nothing has moved since', { tags: 'full' }, async () => {
    const whole = await createLadderRun('variable-rate.mkv')
    await whole.run()
    const inChunks = await createLadderRun('variable-rate.mkv')
    inChunks.chunks = SHORT_CHUNKS
    await inChunks.run()
    const read = (run: LadderRun) => readPictures(run.renditionPath('360p'), { width: 32, height: 18 })
    const [expected, pictures] = [await read(whole), await read(inChunks)]
    expect(pictures).toHaveLength(expected.length)
    pictures.forEach((picture, n) => expectAlike(picture, expected[n]!, `frame ${n}`))
  })
})

describe('an interrupted transcode', () => {
  it.each<[MediaName, number]>([
    ['hevc.mkv', 1],
    ['web-safe.ts', 2],
    ['variable-rate.mkv', 3],
    ['vp9.webm', 0],
  ])(
    'of %s resumes after segment %i with the same renditions as an uninterrupted one',
    { tags: 'full' },
    async (name, index) => {
      const uninterrupted = await createLadderRun(name)
      await uninterrupted.run()
      const resumed = await createLadderRun(name)
      await resumed.run((rendition, segment) => rendition.endsWith('p') && segment.index === index)
      expect(resumed.isDone).toBe(false)
      await resumed.run()
      expect([...resumed.segments.keys()].toSorted()).toEqual([...uninterrupted.segments.keys()].toSorted())
      await expectSameRenditions(resumed, uninterrupted)
    },
  )

  it(
    'completes with the same renditions even if it is interrupted after every segment',
    { tags: 'full' },
    async () => {
      const uninterrupted = await createLadderRun('counter.mkv')
      uninterrupted.chunks = SHORT_CHUNKS
      await uninterrupted.run()
      const run = await createLadderRun('counter.mkv')
      run.chunks = SHORT_CHUNKS
      let runs = 0
      for (; !run.isDone; runs++) {
        expect(runs).toBeLessThan(20)
        await run.run(() => true)
      }
      expect(runs).toBeGreaterThan(5)
      await expectSameRenditions(run, uninterrupted)
    },
  )

  it('stops within two seconds and leaves no process', async () => {
    const run = await createLadderRun('web-safe-1080.mp4')
    expect(await run.run((rendition) => rendition === '360p')).toBeLessThan(2_000)
    expect(run.isDone).toBe(false)
    expect(findProcesses(run.sourcePath)).toEqual([])
  })
})

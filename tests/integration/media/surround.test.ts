import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ladder, planLadder } from '@/lib/videos/ladder'
import type { MediaInfo } from '@/lib/videos/media-info'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { LadderRun, probeFile } from '@/tests/support/ladder-run'
import { findDecodingErrors, findTones, readStreams } from '@/tests/support/media-analysis'

/** Front left, front right, center, subwoofer, left, right. */
const TONES = [300, 400, 500, 60, 700, 800]

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'surround-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** The sound only. */
const planSound = (info: MediaInfo): Ladder => ({ ...planLadder(info), source: null, encodes: [] })

async function runSound(name: MediaName) {
  const run = new LadderRun(await generateMedia(name), await mkdtemp(path.join(root, 'run-')), planSound)
  await run.run()
  return run
}

const readTones = (run: LadderRun, fromSeconds: number) =>
  findTones(run.renditionPath('audio-0-surround'), { hertz: TONES, channels: 6, fromSeconds })

async function expectContinuous(run: LadderRun, durationSeconds: number) {
  expect([...run.segments.keys()].toSorted()).toEqual(['audio-0', 'audio-0-surround'])
  for (const [name, segments] of run.segments) {
    expect(Math.abs(segments[0]!.startSeconds), `start of ${name}`).toBeLessThan(0.05)
    segments.slice(1).forEach(({ startSeconds }, n) => {
      const before = segments[n]!
      expect(startSeconds, `hole in ${name}`).toBeCloseTo(before.startSeconds + before.durationSeconds, 3)
    })
    const last = segments.at(-1)!
    expect(last.startSeconds + last.durationSeconds, `end of ${name}`).toBeCloseTo(durationSeconds, 1)
    expect(await findDecodingErrors(run.renditionPath(name)), name).toBe('')
  }
  const [stereo] = await readStreams(run.renditionPath('audio-0'))
  const [surround] = await readStreams(run.renditionPath('audio-0-surround'))
  expect([stereo!.channels, surround!.channels]).toEqual([2, 6])
}

describe('sound in 5.1', () => {
  it('of AAC is copied, and mixed to stereo beside it', async () => {
    const run = await runSound('speakers.mp4')
    expect(run.info.audio).toMatchObject([{ surround: 'copy', isCopyable: false }])
    await expectContinuous(run, 6)
    expect(await readTones(run, 3)).toEqual(TONES)
  })

  it('that starts late is silent until then, and each speaker keeps its channel', async () => {
    const run = await runSound('speakers-late.mkv')
    expect(run.info.audio).toMatchObject([{ surround: 'encode', startSeconds: 2 }])
    await expectContinuous(run, 6)
    expect(await readTones(run, 0.8)).toEqual(TONES.map(() => null))
    expect(await readTones(run, 3)).toEqual(TONES)
  })

  it('is mixed from 7.1', { tags: 'full' }, async () => {
    const run = await runSound('speakers-7.1.mkv')
    expect(run.info.audio).toMatchObject([{ codec: 'opus', channels: 8, surround: 'encode' }])
    await expectContinuous(run, 6)
    expect((await readTones(run, 3)).slice(0, 4)).toEqual(TONES.slice(0, 4))
  })

  it('is not created for channels without names', async () => {
    const info = await probeFile(await generateMedia('ten-channels.mov'))
    expect(planLadder(info).audio.map(({ name }) => name)).toEqual(['audio-0'])
  })
})

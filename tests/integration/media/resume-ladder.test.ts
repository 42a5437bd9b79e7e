import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { findDecodingErrors, readFrames } from './media-analysis'
import { LadderRun } from './ladder-run'

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'resume-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const createLadderRun = async (name: MediaName) =>
  new LadderRun(await generateMedia(name), await mkdtemp(path.join(root, 'run-')))

describe('a ladder that was stopped', () => {
  it.each<[MediaName, number]>([
    ['hevc.mkv', 1],
    ['web-safe.ts', 2],
    ['variable-rate.mkv', 3],
    ['vp9.webm', 0],
  ])('goes on with %s behind segment %i as if nothing had happened', async (name, index) => {
    const whole = await createLadderRun(name)
    await whole.run()
    const inParts = await createLadderRun(name)
    await inParts.run((rung, segment) => rung.endsWith('p') && segment.index === index)
    expect(inParts.finishedRenditions.size).toBeLessThan(whole.finishedRenditions.size)
    await inParts.run()
    expect([...inParts.finishedRenditions].toSorted()).toEqual([...whole.finishedRenditions].toSorted())
    for (const [rung, segments] of whole.segments) {
      const seconds = (list = inParts.segments.get(rung)!) =>
        list.map((s) => [s.index, s.startSeconds.toFixed(4), s.durationSeconds.toFixed(4)])
      expect(seconds(), rung).toEqual(seconds(segments))
      expect(await findDecodingErrors(inParts.renditionPath(rung)), rung).toBe('')
      if (rung.startsWith('audio')) continue
      expect((await readFrames(inParts.renditionPath(rung))).length).toBe(
        (await readFrames(whole.renditionPath(rung))).length,
      )
    }
  })

  it('survives being stopped after every segment', async () => {
    const run = await createLadderRun('hevc.mkv')
    for (let tries = 0; run.finishedRenditions.size < 3; tries++) {
      expect(tries).toBeLessThan(20)
      let isFirst = true
      await run.run(() => !isFirst || (isFirst = false))
    }
    expect(run.segments.get('360p')!.map((segment) => segment.startSeconds)).toEqual(
      [0, 1, 2, 4, 8].map((at) => expect.closeTo(at, 3)),
    )
    expect(await findDecodingErrors(run.renditionPath('360p'))).toBe('')
  })

  it('is dead within two seconds', async () => {
    const run = await createLadderRun('web-safe-1080.mp4')
    expect(await run.run((rung) => rung === '360p')).toBeLessThan(2_000)
  })
})

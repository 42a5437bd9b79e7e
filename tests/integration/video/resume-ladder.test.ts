import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { findDecodingErrors, readFrames } from '@/tests/support/media-analysis'
import { LadderRun } from '@/tests/support/ladder-run'

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'resume-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const createLadderRun = async (name: MediaName) =>
  new LadderRun(await generateMedia(name), await mkdtemp(path.join(root, 'run-')))

describe('an interrupted transcode', () => {
  it.each<[MediaName, number]>([
    ['hevc.mkv', 1],
    ['web-safe.ts', 2],
    ['variable-rate.mkv', 3],
    ['vp9.webm', 0],
  ])('of %s resumes after segment %i with the same output as an uninterrupted one', async (name, index) => {
    const uninterrupted = await createLadderRun(name)
    await uninterrupted.run()
    const resumed = await createLadderRun(name)
    await resumed.run((rendition, segment) => rendition.endsWith('p') && segment.index === index)
    expect(resumed.finishedRenditions.size).toBeLessThan(uninterrupted.finishedRenditions.size)
    await resumed.run()
    expect([...resumed.finishedRenditions].toSorted()).toEqual(
      [...uninterrupted.finishedRenditions].toSorted(),
    )
    for (const [rendition, segments] of uninterrupted.segments) {
      const seconds = (list = resumed.segments.get(rendition)!) =>
        list.map((s) => [s.index, s.startSeconds.toFixed(4), s.durationSeconds.toFixed(4)])
      expect(seconds(), rendition).toEqual(seconds(segments))
      expect(await findDecodingErrors(resumed.renditionPath(rendition)), rendition).toBe('')
      if (rendition.startsWith('audio')) continue
      expect((await readFrames(resumed.renditionPath(rendition))).length).toBe(
        (await readFrames(uninterrupted.renditionPath(rendition))).length,
      )
    }
  })

  it('completes even if it is interrupted after every segment', async () => {
    const run = await createLadderRun('hevc.mkv')
    for (let runs = 0; run.finishedRenditions.size < 3; runs++) {
      expect(runs).toBeLessThan(20)
      let isFirst = true
      await run.run(() => !isFirst || (isFirst = false))
    }
    expect(run.segments.get('360p')!.map((segment) => segment.startSeconds)).toEqual(
      [0, 1, 2, 4, 8].map((at) => expect.closeTo(at, 3)),
    )
    expect(await findDecodingErrors(run.renditionPath('360p'))).toBe('')
  })

  it('stops within two seconds', async () => {
    const run = await createLadderRun('web-safe-1080.mp4')
    expect(await run.run((rendition) => rendition === '360p')).toBeLessThan(2_000)
  })
})

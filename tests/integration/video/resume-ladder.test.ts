import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
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
  ])('of %s resumes after segment %i with the same bytes as an uninterrupted one', async (name, index) => {
    const uninterrupted = await createLadderRun(name)
    await uninterrupted.run()
    const resumed = await createLadderRun(name)
    await resumed.run((rendition, segment) => rendition.endsWith('p') && segment.index === index)
    expect(resumed.isDone).toBe(false)
    await resumed.run()
    expect([...resumed.segments.keys()].toSorted()).toEqual([...uninterrupted.segments.keys()].toSorted())
    for (const rendition of uninterrupted.segments.keys())
      expect(resumed.readRendition(rendition).equals(uninterrupted.readRendition(rendition)), rendition).toBe(
        true,
      )
  })

  it('stops within two seconds', async () => {
    const run = await createLadderRun('web-safe-1080.mp4')
    expect(await run.run((rendition) => rendition === '360p')).toBeLessThan(2_000)
  })
})

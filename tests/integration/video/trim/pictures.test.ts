import { describe, expect, it } from 'vitest'
import path from 'node:path'
import { currentKeys } from '@/lib/storage/keys'
import { useDatabase } from '@/tests/support/database'
import { readCounter } from '@/tests/support/frame-counter'
import { findClicks, findDecodingErrors, readFrames } from '@/tests/support/media-analysis'
import { useTrimFixture } from '@/tests/support/trim-fixture'

const RATE = 25
const database = useDatabase()
const fixture = useTrimFixture(database)

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

/** Expects all renditions, the file and the downloads to show the frames of a range, and its clicks in time. */
async function expectRange(id: string, startSeconds: number, endSeconds: number) {
  const [first, end] = [Math.round(startSeconds * RATE), Math.round(endSeconds * RATE)]
  const renditions = await database.db.rendition.findMany({ where: { videoId: id } })
  const video = await fixture.read(id)
  expect(renditions.length).toBeGreaterThan(1)
  for (const { name, mode, downloadKey } of renditions) {
    const playlist = await fixture.downloadHls(id, name)
    expect(await findDecodingErrors(playlist)).toBe('')
    if (mode === 'audio') {
      const clicks = numbers(Math.ceil(startSeconds), Math.floor(endSeconds - 0.02) + 1)
      const found = (await findClicks(playlist)).map((seconds) => seconds - 10)
      expect(found.length).toBeGreaterThanOrEqual(clicks.length - 1)
      for (const seconds of found)
        expect(Math.abs(seconds + startSeconds - Math.round(seconds + startSeconds))).toBeLessThan(0.025)
      continue
    }
    expect(await readCounter(playlist)).toEqual(numbers(first, end))
    const frames = await readFrames(playlist)
    frames.forEach(({ seconds }, n) => expect(seconds - 10).toBeCloseTo(n / RATE, 2))
    if (downloadKey) expect(await readCounter(await download(downloadKey))).toEqual(numbers(first, end))
  }
  const source = await download(video.sourceKey)
  expect(await readCounter(source)).toEqual(numbers(first, end))
  expect(await findDecodingErrors(source)).toBe('')
  expect(video.durationSeconds).toBeCloseTo(endSeconds - startSeconds, 1)
}

const download = (key: string) =>
  fixture.download(key, path.join(fixture.captions.dir, key.replaceAll('/', '_')))

describe('a trimmed video', () => {
  it(
    'shows the frames of the range in every rendition, with whole segments unchanged',
    { tags: 'full' },
    async () => {
      const id = await fixture.createVideo()
      const before = await fixture.read(id)
      const task = await fixture.trim(id, 5.48, 23.2)
      expect(task).toMatchObject({ state: 'done', error: null })
      await expectRange(id, 5.48, 23.2)
      const after = await fixture.read(id)
      expect(currentKeys(after).folder).not.toBe(currentKeys(before).folder)
      await expectRange((await fixture.findWhole(id))!.id, 0, 30)
    },
  )
})

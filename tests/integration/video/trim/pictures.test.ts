import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { currentKeys } from '@/lib/storage/keys'
import { useDatabase } from '@/tests/support/database'
import { readCounter } from '@/tests/support/frame-counter'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import {
  findClicks,
  findDecodingErrors,
  hashPackets,
  readFrames,
  readPictures,
  readStreams,
} from '@/tests/support/media-analysis'
import { useTrimFixture } from '@/tests/support/trim-fixture'
import { MEDIA_TIME_OFFSET_SECONDS } from '@/lib/videos/media-time'

const RATE = 25
/** Of a packet of AAC, at 48 kHz. */
const PACKET_SECONDS = 1_024 / 48_000
const database = useDatabase()
const fixture = useTrimFixture(database)

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)
const download = (key: string) =>
  fixture.download(key, path.join(fixture.captions.dir, key.replaceAll('/', '_')))

/** Expects all renditions, the file and the downloads to show each frame of a range once, and its clicks in time. */
async function expectRange(id: string, startSeconds: number, endSeconds: number) {
  const expected = numbers(Math.round(startSeconds * RATE), Math.round(endSeconds * RATE))
  const renditions = await database.db.rendition.findMany({ where: { videoId: id } })
  const video = await fixture.read(id)
  expect(renditions.length).toBeGreaterThan(1)
  for (const { name, mode, downloadKey } of renditions) {
    const playlist = await fixture.downloadHls(id, name)
    expect(await findDecodingErrors(playlist)).toBe('')
    if (mode === 'audio') {
      await expectClicks(playlist, { startSeconds, endSeconds, offsetSeconds: MEDIA_TIME_OFFSET_SECONDS })
      continue
    }
    expect(await readCounter(playlist)).toEqual(expected)
    const frames = await readFrames(playlist)
    frames.forEach(({ seconds }, n) =>
      expect(Math.abs(seconds - MEDIA_TIME_OFFSET_SECONDS - n / RATE)).toBeLessThan(0.002),
    )
    if (downloadKey) expect(await readCounter(await download(downloadKey))).toEqual(expected)
  }
  const source = await download(video.sourceKey)
  expect(await readCounter(source)).toEqual(expected)
  expect(await findDecodingErrors(source)).toBe('')
  await expectClicks(source, { startSeconds, endSeconds, offsetSeconds: 0 })
  expect(Math.abs(video.durationSeconds! - (endSeconds - startSeconds))).toBeLessThan(0.06)
  expect(await fixture.check(id)).toEqual([])
}

/** Expects a click at each second of the whole video that is in the range, to within a millisecond, and no gap. */
async function expectClicks(
  file: string,
  {
    startSeconds,
    endSeconds,
    offsetSeconds,
  }: { startSeconds: number; endSeconds: number; offsetSeconds: number },
) {
  const clicks = numbers(
    Math.ceil(startSeconds + 2 * PACKET_SECONDS),
    Math.ceil(endSeconds - 2 * PACKET_SECONDS),
  )
  const found = (await findClicks(file)).map((seconds) => seconds - offsetSeconds + startSeconds)
  for (const click of clicks)
    expect(Math.min(...found.map((seconds) => Math.abs(seconds - click)))).toBeLessThan(0.001)
}

const RANGES = [
  [5.48, 23.2],
  // Only one end.
  [0, 11.32],
  [7.04, 30],
  // At the ends of segments.
  [8, 20],
  // Inside a segment, and across the first ones, which are short.
  [9, 10.2],
  [0.52, 1.6],
  [0.04, 29.96],
] as const

describe('a trimmed video', () => {
  for (const isWebSafe of [true, false])
    it(
      `shows each frame of the range once in all renditions, ${isWebSafe ? 'one of them a copy' : 'all encoded'}`,
      { tags: 'full' },
      async () => {
        const id = await fixture.createVideo({ isWebSafe })
        const before = await fixture.read(id)
        for (const [start, end] of isWebSafe ? RANGES : RANGES.slice(0, 3)) {
          await database.db.attemptLimit.deleteMany()
          expect(await fixture.trim(id, start, end)).toMatchObject({ state: 'done', error: null })
          await expectRange(id, start, end)
        }
        expect(currentKeys((await fixture.findWhole(id))!).folder).toBe(currentKeys(before).folder)
      },
    )

  it('has no damaged frame where a copied source has open groups of pictures', { tags: 'full' }, async () => {
    const id = await fixture.createVideo({ isOpenGop: true })
    const size = { width: 64, height: 48 }
    const pictures = await readPictures(path.join(fixture.captions.dir, 'open.mp4'), size)
    const { segments } = await database.db.rendition.findFirstOrThrow({
      where: { videoId: id, mode: 'copy' },
      include: { segments: { orderBy: { index: 'asc' } } },
    })
    const packets = await hashPackets(await fixture.downloadHls(id, 'source'))
    // Inside a segment, at the first picture that refers to the one before, and after the last place where copying can begin.
    for (const start of [5.48, segments[2]!.startSeconds, 13]) {
      await database.db.attemptLimit.deleteMany()
      expect(await fixture.trim(id, start, 23.2)).toMatchObject({ state: 'done', error: null })
      await expectRange(id, start, 23.2)
      const playlist = await fixture.downloadHls(id, 'source')
      const copied = (await hashPackets(playlist)).filter((hash) => packets.includes(hash))
      expect(copied.length).toBeGreaterThan(start < 12 ? 7 * RATE : -1)
      const shown = await readPictures(playlist, size)
      shown.forEach((picture, n) => {
        const expected = pictures[n + Math.round(start * RATE)]!
        const difference = picture.reduce((max, luma, at) => Math.max(max, Math.abs(luma - expected[at]!)), 0)
        expect(difference).toBeLessThan(16)
      })
    }
  })

  it('has the packets of whole segments as they were', { tags: 'full' }, async () => {
    const id = await fixture.createVideo({ seconds: 20 })
    await fixture.trim(id, 3, 17)
    const whole = (await fixture.findWhole(id))!
    for (const name of ['source', '360p']) {
      const [before, after] = [await fixture.downloadHls(whole.id, name), await fixture.downloadHls(id, name)]
      const [all, kept] = [await hashPackets(before), await hashPackets(after)]
      const unchanged = kept.filter((hash) => all.includes(hash))
      // Of 14 seconds, at most a segment at each end.
      expect(unchanged.length).toBeGreaterThan((name === 'source' ? 7 : 8) * RATE)
    }
  })
})

describe('a trimmed file', () => {
  const files: [MediaName, number, number][] = [
    ['two-languages.mkv', 1.2, 4],
    ['speakers.mp4', 1.2, 5],
    ['song.mp3', 1.5, 4.5],
    ['variable-rate.mkv', 2.1, 13.3],
    ['portrait.mp4', 0.6, 2.4],
    ['interlaced.mp4', 0.6, 2.4],
    ['sparse-keyframes.mp4', 3.3, 12.2],
    ['sound-late.mp4', 2, 8],
    ['picture-late.mp4', 1, 7.5],
    ['hevc.mkv', 1.3, 7.2],
    ['slides.mp4', 2, 8],
    ['web-safe.ts', 1.24, 7.32],
  ]
  for (const [name, start, end] of files)
    it(`is as long as the range in all tracks: ${name}`, { tags: 'full' }, async () => {
      await database.db.attemptLimit.deleteMany()
      const id = await fixture.upload(await generateMedia(name))
      expect(await fixture.trim(id, start, end)).toMatchObject({ state: 'done', error: null })
      const { sourceKey, durationSeconds } = await fixture.read(id)
      expect(Math.abs(durationSeconds! - (end - start))).toBeLessThan(name === 'slides.mp4' ? 1 : 0.1)
      const before = (await fixture.findWhole(id))!
      const renditions = await database.db.rendition.findMany({ where: { videoId: id } })
      expect(renditions).toHaveLength(await database.db.rendition.count({ where: { videoId: before.id } }))
      for (const rendition of renditions) {
        const problems = await findDecodingErrors(await fixture.downloadHls(id, rendition.name))
        // It expects frames to follow each other faster than once per second.
        expect(problems.replaceAll(name === 'slides.mp4' ? /.*DTS discontinuity.*/g : '', '')).toBe('')
      }
      expect(await fixture.check(id)).toEqual([])
      const streams = await readStreams(await download(sourceKey))
      expect(streams).toHaveLength(
        Math.min(1, renditions.filter(({ mode }) => mode !== 'audio').length) +
          renditions.filter(({ mode }) => mode === 'audio').length,
      )
    })
})

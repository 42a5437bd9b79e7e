import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { LadderRun } from '@/tests/support/ladder-run'
import {
  findBeeps,
  findDecodingErrors,
  findFlashes,
  readAverageColors,
  readFrames,
  readStreams,
} from '@/tests/support/media-analysis'

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'cases-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function runLadder(name: MediaName) {
  const run = new LadderRun(await generateMedia(name), await mkdtemp(path.join(root, 'run-')))
  await run.run()
  return run
}

/** Expects every rendition to be continuous from the start to `durationSeconds`, and to decode without a warning. */
async function expectContinuous(run: LadderRun, durationSeconds: number) {
  expect(run.segments.size).toBeGreaterThan(0)
  for (const [name, segments] of run.segments) {
    expect(segments[0]!.startSeconds, `start of ${name}`).toBeLessThan(0.15)
    segments.slice(1).forEach(({ startSeconds }, n) => {
      const before = segments[n]!
      expect(startSeconds, `hole in ${name}`).toBeCloseTo(before.startSeconds + before.durationSeconds, 2)
    })
    const last = segments.at(-1)!
    const rest = durationSeconds - last.startSeconds - last.durationSeconds
    expect(Math.abs(rest), `end of ${name}`).toBeLessThan(0.3)
    expect(
      Math.max(...segments.map((segment) => segment.durationSeconds)),
      `segments of ${name}`,
    ).toBeLessThan(15)
    expect(await findDecodingErrors(run.renditionPath(name)), name).toBe('')
    if (name.startsWith('audio')) continue
    const times = (await readFrames(run.renditionPath(name))).map(({ seconds }) => seconds)
    const longest = Math.max(...times.slice(1).map((time, n) => time - times[n]!))
    expect(longest, `longest picture of ${name}`).toBeLessThanOrEqual(0.5)
  }
}

type TimelineCase = [source: MediaName, durationSeconds: number, renditions: string[]]

async function expectTimeline(...[name, durationSeconds, renditions]: TimelineCase) {
  const run = await runLadder(name)
  expect([...run.segments.keys()].toSorted()).toEqual(renditions.toSorted())
  expect(run.info.durationSeconds).toBeCloseTo(durationSeconds, 0)
  expect(run.info.statedSeconds! - run.info.durationSeconds).toBeLessThan(0.25)
  await expectContinuous(run, run.info.durationSeconds)
}

describe('the timeline', () => {
  it.each<TimelineCase>([
    ['late-clock.webm', 5, ['240p', 'audio-0']],
    ['mono-then-stereo.ts', 10, ['source', 'audio-0']],
  ])('of %s is continuous for %d s', expectTimeline)

  it.each<TimelineCase>([
    ['joined.ts', 18, ['480p', '360p', 'audio-0']],
    ['picture-short.mp4', 40, ['360p', 'audio-0']],
    ['late-clock.mkv', 9, ['source', 'audio-0']],
    ['cut-in-gop.ts', 8.4, ['480p', '360p', 'audio-0']],
    ['sound-late.mp4', 12, ['source', 'audio-0']],
    ['sound-short.mp4', 40, ['source', 'audio-0']],
    ['still-later.mp4', 60, ['360p']],
    ['keys-only-early.mp4', 60, ['360p']],
    ['size-change.ts', 10, ['480p', '360p', 'audio-0']],
  ])('of %s is continuous for %d s', { tags: 'full' }, expectTimeline)

  it(
    'keeps a picture that starts late in sync with the sound, and holds the first picture before it',
    { tags: 'full' },
    async () => {
      const run = await runLadder('picture-late.mp4')
      await expectContinuous(run, 12)
      const flashes = await findFlashes(run.renditionPath('360p'))
      const beeps = await findBeeps(run.renditionPath('audio-0'))
      expect(beeps).toHaveLength(12)
      // The first picture is a flash, which is held from 0 on.
      expect(flashes.slice(1)).toHaveLength(8)
      flashes.slice(1).forEach((at, n) => expect(Math.abs(at - beeps[n + 4]!)).toBeLessThan(0.05))
    },
  )
})

describe('colors', () => {
  it.each<[MediaName, MediaName]>([
    ['pq-bare.mp4', 'pq.mp4'],
    ['hlg-no-matrix.mp4', 'hlg.mp4'],
  ])(
    'of %s, whose labels are incomplete, are those of %s',
    { tags: 'full' },
    async (incomplete, complete) => {
      const [one, other] = [await runLadder(incomplete), await runLadder(complete)]
      const [colors, expected] = [
        await readAverageColors(one.renditionPath('180p')),
        await readAverageColors(other.renditionPath('180p')),
      ]
      expected.forEach((value, n) => expect(Math.abs(colors[n]! - value)).toBeLessThan(4))
    },
  )

  it('are kept as they are where a color space cannot be converted', { tags: 'full' }, async () => {
    const run = await runLadder('pq-odd-matrix.mp4')
    expect(run.info.video).toMatchObject({ isHdr: true, isToneMapped: false })
    await expectContinuous(run, 1)
  })

  it.each<MediaName>(['alpha.mov', 'alpha.webm'])('of %s are blended with black', async (name) => {
    const run = await runLadder(name)
    expect(run.info.video!.hasAlpha).toBe(true)
    const left = await readAverageColors(run.renditionPath('240p'), 'crop=iw/2-8:ih:0:0')
    const right = await readAverageColors(run.renditionPath('240p'), 'crop=iw/2-8:ih:iw/2+8:0')
    left.forEach((value) => expect(value).toBeLessThan(12))
    expect(right[0]).toBeGreaterThan(220)
    expect(Math.max(right[1]!, right[2]!)).toBeLessThan(40)
  })

  it('are mirrored where the file says so', async () => {
    const run = await runLadder('mirrored.mp4')
    expect(run.info.video!.isWebSafe).toBe(false)
    const [left, right] = ['crop=iw/4:ih:0:0', 'crop=iw/4:ih:iw*3/4:0']
    const source = await generateMedia('silent.mp4')
    const stored = await readAverageColors(source, right)
    expect(await readAverageColors(source, left)).not.toEqual(stored)
    const shown = await readAverageColors(run.renditionPath('480p'), left)
    stored.forEach((value, n) => expect(Math.abs(shown[n]! - value)).toBeLessThan(4))
  })
})

describe('sound', () => {
  it('of ten channels without names becomes stereo', async () => {
    const run = await runLadder('ten-channels.mov')
    const [stream] = await readStreams(run.renditionPath('audio-0'))
    expect(stream).toMatchObject({ codec_name: 'aac', channels: 2 })
    await expectContinuous(run, 2)
  })

  it('of a track that cannot be decoded is left out', async () => {
    const run = await runLadder('broken-track.mkv')
    expect(run.leftOut).toEqual(['audio-1'])
    expect([...run.segments.keys()].toSorted()).toEqual(['audio-0', 'audio-2', 'source'])
    await expectContinuous(run, 3)
  })

  it('keeps ten tracks', async () => {
    const run = await runLadder('ten-tracks.mkv')
    expect([...run.segments.keys()].filter((name) => name.startsWith('audio'))).toHaveLength(10)
  })
})

describe('what ffmpeg reads is media:', () => {
  async function expectMedia(name: MediaName, durationSeconds: number) {
    const run = await runLadder(name)
    expect(Math.abs(run.info.durationSeconds - durationSeconds)).toBeLessThan(0.25)
    await expectContinuous(run, run.info.durationSeconds)
  }

  it.each<[MediaName, number]>([
    ['starts-inside-a-packet.ts', 9],
    ['padded.mp3', 6],
    ['sound.caf', 2],
    ['bare.h264', 2],
  ])('%s', expectMedia)

  it.each<[MediaName, number]>([
    ['rf64.wav', 2],
    ['sound.w64', 2],
    ['sound.au', 2],
    ['sound.wv', 2],
    ['sound.ac3', 2],
    ['tape.dv', 1],
    ['moving.gif', 2],
    ['bare.m2v', 2],
  ])('%s', { tags: 'full' }, expectMedia)
})

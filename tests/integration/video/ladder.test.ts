import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planLadder } from '@/lib/videos/ladder'
import { readCodec } from '@/worker/video/ffmpeg/codec-string'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import {
  findBeeps,
  findDecodingErrors,
  readDecodeTimes,
  findFlashes,
  readFrames,
  readStreams,
} from '@/tests/support/media-analysis'
import { LadderRun, probeFile } from '@/tests/support/ladder-run'

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ladder-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function runLadder(name: MediaName) {
  const run = new LadderRun(await generateMedia(name), await mkdtemp(path.join(root, 'run-')))
  await run.run()
  return run
}

/** Expects every rendition to decode, to last as long as the source, and to start each segment with a key frame. */
async function expectValidRenditions(run: LadderRun, durationSeconds: number) {
  for (const [name, segments] of run.segments) {
    expect(await findDecodingErrors(run.renditionPath(name)), name).toBe('')
    const total = segments.reduce((sum, segment) => sum + segment.durationSeconds, 0)
    expect(Math.abs(total - durationSeconds), `length of ${name}`).toBeLessThan(0.2)
    segments.slice(1).forEach((segment, n) => {
      const before = segments[n]!
      expect(segment.startSeconds).toBeCloseTo(before.startSeconds + before.durationSeconds, 3)
      expect(segment.index).toBe(before.index + 1)
    })
    // Browsers position a segment by its decode time.
    const decodedAt = await readDecodeTimes(run.renditionPath(name))
    expect(decodedAt).toHaveLength(segments.length)
    segments.forEach(({ startSeconds }, n) =>
      expect(decodedAt[n]! - 10, `decode time in ${name}`).toBeCloseTo(startSeconds, 4),
    )
    if (name.startsWith('audio')) continue
    const frames = await readFrames(run.renditionPath(name))
    const keyframes = frames.filter((frame) => frame.isKeyframe).map((frame) => frame.seconds - 10)
    for (const { startSeconds } of segments) {
      expect(
        Math.min(...keyframes.map((at) => Math.abs(at - startSeconds))),
        `key frame of ${name}`,
      ).toBeLessThan(0.001)
    }
  }
}

type LadderCase = [source: MediaName, does: string, renditions: string[], durationSeconds: number]

async function expectLadder(...[name, , renditions, durationSeconds]: LadderCase) {
  const run = await runLadder(name)
  expect([...run.segments.keys()].toSorted()).toEqual(renditions.toSorted())
  await expectValidRenditions(run, durationSeconds)
}

describe('a ladder', () => {
  it('copies a web-safe 1080p source and encodes smaller renditions', { tags: 'full' }, async () => {
    const run = await runLadder('web-safe-1080.mp4')
    expect([...run.segments.keys()].toSorted()).toEqual(['360p', '480p', '720p', 'audio-0', 'source'])
    await expectValidRenditions(run, 9)
    expect(run.segments.get('720p')!.map((segment) => segment.startSeconds)).toEqual(
      [0, 1, 2, 4, 8].map((at) => expect.closeTo(at, 3)),
    )
    expect(run.endSeconds).toBeCloseTo(9, 1)
    expect(readCodec(run.inits.get('720p')!)).toMatch(/^avc1\.6400[0-9a-f]{2}$/)
    expect(readCodec(run.inits.get('audio-0')!)).toBe('mp4a.40.2')
    expect(run.progress.length).toBeGreaterThan(2)
    expect(run.progress.at(-1)!.mediaSeconds).toBeGreaterThan(8)
  })

  it.each<LadderCase>([
    ['vp9.webm', 'encodes VP9', ['240p', 'audio-0'], 5],
    ['silent.mp4', 'creates no audio rendition of a silent video', ['source', '360p'], 3],
    ['song.mp3', 'creates only an audio rendition', ['audio-0'], 6],
  ])('of %s %s', expectLadder)

  it.each<LadderCase>([
    ['hevc.mkv', 'encodes HEVC at its own size', ['480p', '360p', 'audio-0'], 9],
    ['recorded.webm', 'measures the duration if the file states none', ['240p', 'audio-0'], 5],
    ['web-safe.ts', 'copies streams of a transport stream', ['source', '360p', 'audio-0'], 9],
    ['two-languages.mkv', 'keeps both tracks', ['source', 'audio-0', 'audio-1'], 5],
    ['slides.mp4', 'encodes a source whose frame rate is too low to copy', ['240p', 'audio-0'], 10],
    ['trimmed.mp4', 'encodes a source whose edit list hides its first frames', ['360p', 'audio-0'], 7.7],
    ['surround.mkv', 'keeps surround audio beside stereo', ['source', 'audio-0', 'audio-0-surround'], 3],
    ['song.m4a', 'copies AAC', ['audio-0'], 6],
    ['cover.mp3', 'does not treat cover art as video', ['audio-0'], 6],
    ['variable-rate.mkv', 'fills in dropped frames', ['360p'], 20],
    ['sparse-keyframes.mp4', 'encodes a source whose key frames are too sparse to copy', ['360p'], 20],
  ])('of %s %s', { tags: 'full' }, expectLadder)

  it.each<[MediaName, number, number]>([
    ['rotated.mp4', 360, 640],
    ['odd.mkv', 640, 360],
    ['anamorphic.mp4', 524, 288],
    ['interlaced.mp4', 640, 480],
    ['hdr.mkv', 640, 360],
  ])(
    'encodes %s as progressive %i×%i SDR video with square pixels',
    { tags: 'full' },
    async (name, width, height) => {
      const run = await runLadder(name)
      const [top] = planLadder(await probeFile(run.sourcePath)).encodes
      expect(await findDecodingErrors(run.renditionPath(top!.name))).toBe('')
      const [stream] = await readStreams(run.renditionPath(top!.name))
      expect(stream).toMatchObject({
        width,
        height,
        sample_aspect_ratio: '1:1',
        pix_fmt: 'yuv420p',
        field_order: 'progressive',
      })
      expect(stream!.color_transfer).not.toBe('smpte2084')
    },
  )

  it('names a portrait clip by its shorter side', async () => {
    const info = await probeFile(await generateMedia('portrait.mp4'))
    expect(planLadder(info).source).toMatchObject({ width: 360, height: 640 })
  })

  it('keeps audio and video in sync', { tags: 'full' }, async () => {
    const run = await runLadder('clapper.mkv')
    const beepTimes = await findBeeps(run.renditionPath('audio-0'))
    for (const name of ['source', '360p']) {
      const flashTimes = await findFlashes(run.renditionPath(name))
      expect(flashTimes).toHaveLength(9)
      expect(beepTimes).toHaveLength(9)
      flashTimes.forEach((at, n) => expect(Math.abs(at - beepTimes[n]!)).toBeLessThan(0.04))
    }
  })

  it('encodes the available part of a truncated file', async () => {
    const run = await runLadder('cut-off.mp4')
    expect(run.endSeconds).toBeGreaterThan(3)
    expect(run.endSeconds).toBeLessThan(7)
    for (const name of run.segments.keys()) expect(await findDecodingErrors(run.renditionPath(name))).toBe('')
  })
})

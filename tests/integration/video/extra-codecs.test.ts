import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ExtraCodec, planExtraLadder } from '@/lib/videos/ladder'
import { readCodec } from '@/worker/video/ffmpeg/codec-string'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { findDecodingErrors, readFrames, readStreams } from '@/tests/support/media-analysis'
import { LadderRun } from '@/tests/support/ladder-run'

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'extra-codecs-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function encode(source: MediaName, codec: ExtraCodec, chunkEnds: number[] = []) {
  const dir = await mkdtemp(path.join(root, 'run-'))
  const run = new LadderRun(await generateMedia(source), dir, (info) => planExtraLadder(info, codec))
  const starts = [0, ...chunkEnds]
  run.chunks = starts.map((startSeconds, n) => ({ startSeconds, endSeconds: chunkEnds[n] ?? null }))
  await run.run()
  return run
}

const CODECS: [codec: ExtraCodec, name: string, described: RegExp, sampleEntry: string][] = [
  ['av1', 'av1', /^av01\.0\.\d\dM\.08$/, 'av01'],
  ['hevc', 'hevc', /^hvc1\.1\.6\.L\d+\.90$/, 'hvc1'],
]

describe.each(CODECS)('a rendition in %s', (codec, name, described, sampleEntry) => {
  it('has key frames on the segment grid, at the times of the source', { tags: 'full' }, async () => {
    const run = await encode('silent.mp4', codec)
    const rendition = `480p-${codec}`
    expect([...run.segments.keys()].toSorted()).toEqual([`360p-${codec}`, rendition])
    const file = run.renditionPath(rendition)
    expect(await findDecodingErrors(file)).toBe('')
    expect(run.segments.get(rendition)!.map(({ startSeconds }) => startSeconds)).toEqual(
      [0, 1, 2].map((at) => expect.closeTo(at, 3)),
    )
    const frames = await readFrames(file)
    expect(frames.map(({ seconds }) => seconds)).toEqual(
      Array.from({ length: 75 }, (_, n) => expect.closeTo(10 + n / 25, 3)),
    )
    expect(frames.filter(({ isKeyframe }) => isKeyframe)).toHaveLength(3)
    expect(await readStreams(file)).toMatchObject([{ codec_name: name, width: 640, height: 480 }])
    expect(readCodec(run.inits.get(rendition)!)).toMatch(described)
    expect(run.inits.get(rendition)!.includes(sampleEntry, 0, 'latin1')).toBe(true)
  })

  it(
    'has the same bytes whenever it is encoded, and the same frames in chunks',
    { tags: 'full' },
    async () => {
      const rendition = `180p-${codec}`
      const [whole, again, chunked] = [
        await encode('counter.mkv', codec),
        await encode('counter.mkv', codec),
        await encode('counter.mkv', codec, [4, 8]),
      ]
      expect(again!.readRendition(rendition).equals(whole!.readRendition(rendition))).toBe(true)
      expect(chunked!.inits.get(rendition)).toEqual(whole!.inits.get(rendition))
      expect(await findDecodingErrors(chunked!.renditionPath(rendition))).toBe('')
      const [expected, actual] = await Promise.all(
        [whole!, chunked!].map(async (run) => readFrames(run.renditionPath(rendition))),
      )
      expect(actual).toEqual(expected)
    },
  )
})

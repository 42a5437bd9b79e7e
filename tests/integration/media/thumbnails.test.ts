import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generatePoster } from '@/worker/video/ffmpeg/poster'
import { buildStoryboardVtt, generateStoryboard } from '@/worker/video/ffmpeg/storyboard'
import { generateWaveform } from '@/worker/video/ffmpeg/waveform'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { measureBrightness, readStreams } from './media-analysis'
import { MEMORY_BYTES, neverAborted, probeFile } from './ladder-run'

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'pictures-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function createInput(name: MediaName) {
  const sourcePath = await generateMedia(name)
  return {
    sourcePath,
    info: await probeFile(sourcePath),
    outputDir: await mkdtemp(path.join(root, 'out-')),
    signal: neverAborted,
    memoryBytes: MEMORY_BYTES,
  }
}

describe('a poster', () => {
  it('is no black frame, and nothing else is left behind', async () => {
    const of = await createInput('brightening.mp4')
    await generatePoster(of)
    expect(await readdir(of.outputDir)).toEqual(['poster.jpg'])
    expect((await measureBrightness(path.join(of.outputDir, 'poster.jpg')))[0]).toBeGreaterThan(50)
  })
  it.each<[MediaName, number, number]>([
    ['web-safe-1080.mp4', 1280, 720],
    ['rotated.mp4', 360, 640],
    ['anamorphic.mp4', 524, 288],
    ['hdr.mkv', 640, 360],
  ])('of %s is %i×%i', async (name, width, height) => {
    const of = await createInput(name)
    await generatePoster(of)
    const [picture] = await readStreams(path.join(of.outputDir, 'poster.jpg'))
    expect(picture).toMatchObject({ width, height })
  })
  it('is there for a file that ends early', async () => {
    const of = await createInput('cut-off.mp4')
    await generatePoster(of)
    expect(await readdir(of.outputDir)).toEqual(['poster.jpg'])
  })
  it('of a very large picture takes no more memory than there is', async () => {
    const of = await createInput('huge.mp4')
    await generatePoster({ ...of, memoryBytes: 3 * 1024 ** 3 })
    expect(await readdir(of.outputDir)).toEqual(['poster.jpg'])
  })
  it('of sound is its waveform', async () => {
    const of = await createInput('song.mp3')
    await generateWaveform(of)
    expect(await readStreams(path.join(of.outputDir, 'poster.jpg'))).toMatchObject([
      { width: 1280, height: 720 },
    ])
  })
})

describe('a storyboard', () => {
  it('shows at each time what the video shows then', async () => {
    const of = await createInput('brightening.mp4')
    await generateStoryboard(of)
    expect((await readdir(of.outputDir)).toSorted()).toEqual(['sheet-1.jpg', 'storyboard.vtt'])
    const vtt = await readFile(path.join(of.outputDir, 'storyboard.vtt'), 'utf8')
    const cues = [...vtt.matchAll(/00:00:(\d\d)\.000 --> .*\nsheet-1\.jpg#xywh=(\d+),(\d+),160,90/g)]
    expect(cues).toHaveLength(12)
    for (const [, second, x, y] of cues) {
      const at = Number(second)
      const [seen] = await measureBrightness(
        path.join(of.outputDir, 'sheet-1.jpg'),
        `80:90:${Number(x) + 80}:${y}`,
      )
      // Full range in the picture, limited range in the video.
      const shown = at < 3 ? 16 : 55 + 20 * (at - 3)
      expect(Math.abs((seen! * 219) / 255 + 16 - shown), `at ${at} s`).toBeLessThan(11)
    }
  })
  it('has hours where they are needed, and a second sheet after 100 pictures', () => {
    const vtt = buildStoryboardVtt({ tiles: 101, everySeconds: 40, durationSeconds: 4040, height: 90 })
    expect(vtt).toContain('01:06:40.000 --> 01:07:20.000\nsheet-2.jpg#xywh=0,0,160,90')
  })
})

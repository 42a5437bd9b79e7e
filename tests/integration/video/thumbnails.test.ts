import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generatePoster } from '@/worker/video/ffmpeg/poster'
import { buildStoryboardVtt, generateStoryboard } from '@/worker/video/ffmpeg/storyboard'
import { renderThumbnail } from '@/worker/video/ffmpeg/thumbnail'
import { generateWaveform } from '@/worker/video/ffmpeg/waveform'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { measureBrightness, readStreams } from '@/tests/support/media-analysis'
import { MEMORY_BYTES, probeFile } from '@/tests/support/ladder-run'
import { neverAborted } from '@/tests/support/never-aborted'

let root: string
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'thumbnails-'))
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
  it('is not a black frame', async () => {
    const poster = await generatePoster(await createInput('brightening.mp4'))
    expect((await measureBrightness(poster))[0]).toBeGreaterThan(50)
  })
  it.each<[MediaName, number, number]>([
    ['web-safe-1080.mp4', 1280, 720],
    ['rotated.mp4', 360, 640],
    ['anamorphic.mp4', 524, 288],
    ['hdr.mkv', 640, 360],
  ])('of %s has %i×%i pixels', async (name, width, height) => {
    const [picture] = await readStreams(await generatePoster(await createInput(name)))
    expect(picture).toMatchObject({ width, height })
  })
  it('is generated for a truncated file', async () => {
    await expect(readStreams(await generatePoster(await createInput('cut-off.mp4')))).resolves.toHaveLength(1)
  })
  it('of a very large video is generated within the memory limit', { tags: 'full' }, async () => {
    const input = await createInput('huge.mp4')
    const poster = await generatePoster({ ...input, memoryBytes: 3 * 1024 ** 3 })
    expect(await readStreams(poster)).toHaveLength(1)
  })
  it('of an audio file is its waveform', async () => {
    const input = await createInput('song.mp3')
    expect(await readStreams(await generateWaveform(input))).toMatchObject([{ width: 1280, height: 720 }])
  })
})

describe('a thumbnail', () => {
  it.each<[MediaName, number, number]>([
    ['web-safe-1080.mp4', 224, 126],
    ['rotated.mp4', 224, 398],
  ])(
    'of the poster of %s has %i×%i pixels, and a third of its bytes at most',
    async (name, width, height) => {
      const input = await createInput(name)
      const poster = await generatePoster(input)
      const thumbnail = await renderThumbnail({ ...input, sourcePath: poster })
      expect(await readStreams(thumbnail)).toMatchObject([{ codec_name: 'webp', width, height }])
      expect((await stat(thumbnail)).size).toBeLessThan((await stat(poster)).size / 3)
    },
  )
})

describe('a storyboard', () => {
  it('shows the frame of the video at each time', async () => {
    const input = await createInput('brightening.mp4')
    const { sheets, vtt } = await generateStoryboard(input)
    expect(sheets).toEqual([path.join(input.outputDir, 'sheet-1.jpg')])
    const cues = [...vtt.matchAll(/00:00:(\d\d)\.000 --> .*\nsheet-1\.jpg#xywh=(\d+),(\d+),160,90/g)]
    expect(cues).toHaveLength(12)
    for (const [, second, x, y] of cues) {
      const at = Number(second)
      const [seen] = await measureBrightness(sheets[0]!, `80:90:${Number(x) + 80}:${y}`)
      // The image has full range, the video limited range.
      const shown = at < 3 ? 16 : 55 + 20 * (at - 3)
      expect(Math.abs((seen! * 219) / 255 + 16 - shown), `at ${at} s`).toBeLessThan(11)
    }
  })
  it('includes hours if necessary, and starts a second sheet after 100 thumbnails', () => {
    const vtt = buildStoryboardVtt({ tiles: 101, everySeconds: 40, durationSeconds: 4040, height: 90 })
    expect(vtt).toContain('01:06:40.000 --> 01:07:20.000\nsheet-2.jpg#xywh=0,0,160,90')
  })
})

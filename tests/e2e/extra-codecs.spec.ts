import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { expect, startPlaying, test } from './fixtures'

/** Longer than what a player loads ahead. */
const SECONDS = 60
const clip = path.join(mkdtempSync(path.join(tmpdir(), 'meanwhile-clip-')), 'canal.mp4')

test.use({ env: { EXTRA_CODECS: 'av1,hevc', MACHINES: 'off', CAPTIONS: 'none' } })

test.beforeAll(() => {
  const sources = `-f lavfi -i testsrc2=s=320x180:r=10:d=${SECONDS} -f lavfi -i sine=f=440:d=${SECONDS}`
  const encode = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 20 -c:a aac'
  execFileSync('ffmpeg', ['-v', 'error', ...`${sources} ${encode}`.split(' '), clip])
})

interface HlsVideoElement extends HTMLElement {
  api: { levels: { videoCodec?: string }[] }
}

test('plays AV1 where the browser decodes it, and leaves out what it does not decode @full', async ({
  home: page,
  user,
}) => {
  test.setTimeout(500_000)
  const { video } = await user.fetchJson<{ video: VideoDto }>('/api/v1/videos?filename=canal.mp4', {
    method: 'POST',
    body: new Uint8Array(readFileSync(clip)),
  })
  const readCompressions = async () => {
    const { tasks } = await user.fetchJson<{ tasks: TaskDto[] }>(
      `/api/v1/tasks?kind=video.compress&videoId=${video.id}`,
    )
    return tasks.map(({ state }) => state)
  }
  await expect.poll(readCompressions, { timeout: 400_000 }).toEqual(['done', 'done'])
  const requested = new Set<string>()
  page.on('request', (request) => {
    const name = /hls\/([\w-]+)\/\d+\.m4s$/.exec(request.url())?.[1]
    if (name) requested.add(name)
  })

  await page.goto(`/videos/${video.id}`)
  for (const name of ['180p AV1', '180p HEVC'])
    await expect(page.getByRole('list', { name: 'Renditions' }).getByText(name)).toBeVisible()
  await startPlaying(page)
  const media = page.locator('hls-video video')
  const readTime = () => media.evaluate((element: HTMLVideoElement) => element.currentTime)
  await expect.poll(() => readTime(), { timeout: 30_000 }).toBeGreaterThan(0.5)
  expect([...requested].filter((name) => !name.startsWith('audio'))).toEqual(['180p-av1'])

  const decodesHevc = await page.evaluate(() =>
    MediaSource.isTypeSupported('video/mp4; codecs="hvc1.1.6.L90.90"'),
  )
  const codecs = await page
    .locator('hls-video')
    .evaluate((element) => (element as HlsVideoElement).api.levels.map(({ videoCodec }) => videoCodec ?? ''))
  expect(codecs.filter((codec) => codec.startsWith('av01'))).toHaveLength(1)
  expect(codecs.filter((codec) => codec.startsWith('avc1'))).toHaveLength(1)
  expect(codecs.some((codec) => codec.startsWith('hvc1'))).toBe(decodesHevc)

  await page.locator('media-settings-menu-button').click()
  await page.getByRole('menuitem', { name: 'Quality' }).click()
  await expect(page.locator('media-rendition-menu').getByRole('menuitemradio')).toHaveText([
    '180p',
    '180p AV1',
    /^Auto/,
  ])
  await page.getByRole('menuitemradio', { name: '180p', exact: true }).click()
  await page.locator('media-settings-menu-button').click()
  await media.evaluate((element: HTMLVideoElement, seconds) => {
    element.currentTime = seconds
  }, SECONDS - 10)
  await expect.poll(() => readTime(), { timeout: 30_000 }).toBeGreaterThan(SECONDS - 9)
  expect(requested).toContain('source')
})

import { readFileSync } from 'node:fs'
import type { VideoDto } from '@/lib/videos/schema'
import { generateMedia } from '@/tests/support/generate-media'
import { expect, loadPlayer, test } from './fixtures'

test.use({ env: { MACHINES: 'off', CAPTIONS: 'none' } })

interface HlsVideoElement extends HTMLElement {
  api: { levels: { height: number }[]; audioTracks: { name: string }[]; audioTrack: number }
}

test('plays stereo, and 5.1 when it is chosen, with each quality listed once @full', async ({
  home: page,
  user,
}) => {
  test.setTimeout(300_000)
  const { video } = await user.fetchJson<{ video: VideoDto }>('/api/v1/videos?filename=speakers.mp4', {
    method: 'POST',
    body: new Uint8Array(readFileSync(await generateMedia('speakers.mp4'))),
  })
  const read = () => user.fetchJson<VideoDto>(`/api/v1/videos/${video.id}`)
  await expect.poll(async () => (await read()).state, { timeout: 200_000 }).toBe('done')
  expect(
    (await read()).renditions
      .filter(({ mode }) => mode === 'audio')
      .map(({ name, channels }) => [name, channels]),
  ).toEqual([
    ['audio-0', 2],
    ['audio-0-surround', 6],
  ])
  const requested: string[] = []
  page.on('request', (request) => {
    const name = /hls\/(audio-[\w-]+)\/\d+\.m4s$/.exec(request.url())?.[1]
    if (name) requested.push(name)
  })

  await page.goto(`/videos/${video.id}`)
  await loadPlayer(page)
  await expect(page.getByRole('list', { name: 'Renditions' }).getByText('Audio: 5.1')).toBeVisible()
  const media = page.locator('hls-video video')
  const play = () =>
    media.evaluate(async (element: HTMLVideoElement) => {
      element.muted = true
      element.currentTime = 0
      await element.play()
    })
  const playToTheEnd = async () => {
    await play()
    const hasEnded = () => media.evaluate((element: HTMLVideoElement) => element.ended)
    await expect.poll(hasEnded, { timeout: 60_000 }).toBe(true)
  }
  await playToTheEnd()
  expect(new Set(requested)).toEqual(new Set(['audio-0']))
  const readTracks = () =>
    page.locator('hls-video').evaluate((element) => {
      const { levels, audioTracks, audioTrack } = (element as HlsVideoElement).api
      return {
        heights: levels.map(({ height }) => height),
        tracks: audioTracks.map(({ name }) => name),
        playing: audioTrack,
      }
    })
  expect(await readTracks()).toEqual({ heights: [240], tracks: ['Stereo', '5.1'], playing: 0 })

  await page.locator('media-settings-menu-button').click()
  await page.getByRole('menuitem', { name: 'Audio' }).click()
  const items = page.locator('media-audio-track-menu').getByRole('menuitemradio')
  await expect(items).toHaveText(['Stereo', '5.1'])
  await expect(items.first()).toHaveAttribute('aria-checked', 'true')
  await expect(items.last()).toHaveAttribute('aria-checked', 'false')
  await items.last().click()
  await expect.poll(async () => (await readTracks()).playing).toBe(1)
  await playToTheEnd()
  expect(requested).toContain('audio-0-surround')
  expect(await media.evaluate((element: HTMLVideoElement) => element.error)).toBeNull()
})

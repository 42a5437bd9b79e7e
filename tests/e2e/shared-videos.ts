import { readFileSync } from 'node:fs'
import type { Browser, Page } from '@playwright/test'
import type { ShareDto, ShareSettings } from '@/lib/shares/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { generateMedia } from '@/tests/support/generate-media'
import { expect, startPlaying, type TestUser } from './fixtures'

/** Chromium resolves all names below localhost to this computer. */
export const SHARES_ENV = { MACHINES: 'off', SHARE_EMBED_ORIGINS: 'http://allowed.localhost:*' }

/** The title of the page of a link that has ended. */
export const UNAVAILABLE = 'This link doesn’t work'

/** Uploads `web-safe.mp4` and waits until it is done. */
export async function createVideo(user: TestUser) {
  const body = new Uint8Array(readFileSync(await generateMedia('web-safe.mp4')))
  const upload = { method: 'POST', body }
  const { video } = await user.fetchJson<{ video: VideoDto }>('/api/v1/videos?filename=web-safe.mp4', upload)
  await expect
    .poll(async () => (await user.fetchJson<VideoDto>(`/api/v1/videos/${video.id}`)).state, {
      timeout: 60_000,
    })
    .toBe('done')
  return video
}

export const createShare = (user: TestUser, videoId: string, settings: ShareSettings = {}) =>
  user.fetchJson<ShareDto>(`/api/v1/videos/${videoId}/shares`, {
    method: 'POST',
    body: JSON.stringify(settings),
  })

export const changeShare = (user: TestUser, id: string, settings: ShareSettings) =>
  user.fetchJson<ShareDto>(`/api/v1/shares/${id}`, { method: 'PATCH', body: JSON.stringify(settings) })

/** Lets a link expire in a second. */
export const expireShare = (user: TestUser, id: string) =>
  changeShare(user, id, { expiresAt: new Date(Date.now() + 1_000).toISOString() })

/** Waits until the page of a link that is about to expire has ended. */
export const expectExpired = (page: Page) =>
  expect(async () => {
    await page.reload()
    await expect(page.getByRole('heading', { name: UNAVAILABLE })).toBeVisible({ timeout: 500 })
  }).toPass()

/** Another browser, which is not signed in. `violations` are what it blocks or reports as an error. */
export async function openViewer(browser: Browser) {
  const page = await (await browser.newContext()).newPage()
  const violations: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') violations.push(message.text())
  })
  page.on('pageerror', (error) => violations.push(error.message))
  return { page, violations }
}

export const currentTime = (page: Page) =>
  page.locator('hls-video video').evaluate((media: HTMLVideoElement) => media.currentTime)

export async function expectPlaying(page: Page) {
  await startPlaying(page)
  await expect.poll(() => currentTime(page)).toBeGreaterThan(0.5)
}

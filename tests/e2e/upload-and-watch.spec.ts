import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { dropFiles, expect, expectAccessible, startPlaying, test, videoLink } from './fixtures'

const clip = path.join(mkdtempSync(path.join(tmpdir(), 'meanwhile-clip-')), 'harbour walk.mp4')

// A separate configuration starts a separate app, in which no account exists yet.
test.use({ env: { SIGN_UP: 'closed', MACHINES: 'off' } })

test.beforeAll(() => {
  const sources = '-f lavfi -i testsrc2=s=1920x1080:r=25:d=14 -f lavfi -i sine=f=440:d=14'.split(' ')
  const encode = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -c:a aac'.split(' ')
  execFileSync('ffmpeg', ['-v', 'error', ...sources, ...encode, clip])
})

test('uploads a video by drop, finishes it after the page closes, and plays it', async ({ context }) => {
  let page = await context.newPage()
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Create the administrator account' })).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByLabel('Password').fill('correct-horse-battery')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByRole('heading', { name: 'Drop videos anywhere' })).toBeVisible()
  await expectAccessible(page)

  await dropFiles(page, [clip])
  const bar = page.getByRole('progressbar', { name: 'Progress of harbour walk' })
  await expect(bar).toBeVisible()
  // The number changes without a reload.
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(5)
  await expect(page).toHaveTitle(/^\(\d+ %\) Meanwhile$/)
  await expect(page.locator('[data-rendition="source"]').getByLabel('Done')).toBeVisible()
  await page.close()

  page = await context.newPage()
  await page.goto('/videos')
  await expect(page.getByText('Done · 1920 × 1080')).toBeVisible({ timeout: 60_000 })
  await videoLink(page, 'harbour walk').click()
  await expect(page.getByTestId('video-state')).toHaveText('Done')

  await startPlaying(page)
  const video = page.locator('hls-video video')
  const read = (what: 'currentTime' | 'videoHeight' | 'playbackRate') =>
    video.evaluate((media: HTMLVideoElement, key) => media[key], what)
  await expect.poll(() => read('currentTime')).toBeGreaterThan(0.5)
  // Paused, so that the short clip does not end while the menus open.
  await page.locator('media-play-button').click()
  // The last picture of a segment: renditions with B-frames must have it in the same segment as those without.
  await video.evaluate((media: HTMLVideoElement) => {
    media.currentTime = 1.97
  })
  await page.locator('media-settings-menu-button').click()
  await page.getByRole('menuitem', { name: 'Quality' }).click()
  await expect(page.locator('media-rendition-menu').getByRole('menuitemradio')).toHaveText([
    '1080p',
    '720p',
    '480p',
    '360p',
    /^Auto/,
  ])
  await page.getByRole('menuitemradio', { name: '360p' }).click()
  // The menu is still open.
  await page.getByRole('menuitem', { name: 'Speed' }).click()
  await page.getByRole('menuitemradio', { name: '0.5x' }).click()
  await expect.poll(() => read('playbackRate')).toBe(0.5)
  await page.locator('media-settings-menu-button').click()
  await page.keyboard.press('k')
  await expect.poll(() => read('videoHeight'), { timeout: 30_000 }).toBe(360)
  await page.keyboard.press('k')
  await expect.poll(() => video.evaluate((media: HTMLVideoElement) => media.paused)).toBe(true)
  await expectAccessible(page)
})

import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import type { VideoDto } from '@/lib/videos/schema'
import { generateMedia } from '@/tests/support/generate-media'
import { emulateNetwork, expect, expectAccessible, startPlaying, test, type TestUser } from './fixtures'

test.use({ env: { MACHINES: 'off' } })

const playButton = (page: Page) => page.getByRole('button', { name: 'Play', exact: true })
const player = (page: Page) => page.locator('media-controller')
const currentTime = (page: Page) =>
  page.locator('hls-video video').evaluate((media: HTMLVideoElement) => media.currentTime)
const expectPlaying = (page: Page) => expect.poll(() => currentTime(page)).toBeGreaterThan(0.3)

async function createVideo(user: TestUser) {
  const body = new Uint8Array(readFileSync(await generateMedia('web-safe.mp4')))
  const { video } = await user.fetchJson<{ video: VideoDto }>('/api/v1/videos?filename=film.mp4', {
    method: 'POST',
    body,
  })
  await expect
    .poll(async () => (await user.fetchJson<VideoDto>(`/api/v1/videos/${video.id}`)).state, {
      timeout: 60_000,
    })
    .toBe('done')
  return video
}

/** Opens a new page that has had no input: checks by Playwright activate a page, as a click does, but send no events. */
async function openUntouched(home: Page, path: string, options: { hasClock?: boolean } = {}) {
  const page = await home.context().newPage()
  await page.setViewportSize({ width: 1280, height: 844 })
  await page.addInitScript(() =>
    Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive: false, isActive: false } }),
  )
  if (options.hasClock) await page.clock.install()
  await page.goto(path, { waitUntil: 'networkidle' })
  await expect(playButton(page)).toBeVisible()
  return page
}

test('a page shows the poster until there is input, and one click plays @full', async ({ home, user }) => {
  const { id } = await createVideo(user)
  const path = `/videos/${id}`

  await test.step('input anywhere loads it in the same place', async () => {
    const page = await openUntouched(home, path)
    await expect(player(page)).toHaveCount(0)
    const place = await playButton(page).boundingBox()
    await page.mouse.move(5, 5)
    await page.mouse.move(9, 9)
    await expect(page.locator('media-play-button')).toBeVisible()
    expect(await player(page).boundingBox()).toEqual(place)
    expect(await currentTime(page)).toBe(0)
    await page.locator('.start-button').click()
    await expectPlaying(page)
    await expect(page.locator('.start-button')).toBeHidden()
    // Keys reach the player.
    await page.keyboard.press('k')
    await expect(player(page)).toHaveAttribute('mediapaused')
    await page.close()
  })

  await test.step('a click plays, and a key does, with the focus on the player', async () => {
    const clicked = await openUntouched(home, path)
    await startPlaying(clicked)
    await expectPlaying(clicked)
    await expect(clicked.locator('media-play-button')).toBeFocused()
    await clicked.close()

    const page = await openUntouched(home, path)
    await playButton(page).focus()
    await page.keyboard.press('Enter')
    await expectPlaying(page)
    await expect(page.locator('media-play-button')).toBeFocused()
    await page.keyboard.press('k')
    await expect(player(page)).toHaveAttribute('mediapaused')
    await page.close()
  })

  await test.step('a click before the page responds plays', async () => {
    const page = await home.context().newPage()
    let release = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    await page.route(/\/_next\/static\/.*\.js/, async (route) => {
      await released
      await route.continue()
    })
    await page.goto(path, { waitUntil: 'commit' })
    await playButton(page).click()
    release()
    await expectPlaying(page)
    await page.close()
  })

  await test.step('a position in the URL, and time, load it without input', async () => {
    const sought = await home.context().newPage()
    await sought.goto(`${path}?t=4`)
    await expect.poll(() => currentTime(sought)).toBeGreaterThanOrEqual(4)
    await sought.close()

    const page = await openUntouched(home, path, { hasClock: true })
    await page.clock.fastForward(9_000)
    await expect(player(page)).toHaveCount(0)
    await page.clock.fastForward(2_000)
    await expect(player(page)).toBeVisible()
    expect(await currentTime(page)).toBe(0)
    await page.close()
  })

  await test.step('a click while the browser is offline says so, and plays once it is online', async () => {
    const page = await openUntouched(home, path)
    // Routes turn off the cache, which has the player since the steps before.
    await page.route(/\/_next\/static\//, (route) => route.continue())
    await emulateNetwork(page, { isOffline: true })
    await playButton(page).click()
    await expect(page.getByRole('alert').getByText(/The player couldn’t be loaded/)).toBeVisible()
    await emulateNetwork(page, {})
    await expectPlaying(page)
    await page.close()
  })

  await test.step('the poster is accessible', async () => {
    const page = await openUntouched(home, path)
    await expectAccessible(page)
  })
})

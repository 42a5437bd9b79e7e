import type { Page } from '@playwright/test'
import type { ShareDto } from '@/lib/shares/schema'
import { expect, expectAccessible, openPage, test, type TestUser } from './fixtures'
import { changeShare, createShare, createVideo, expectPlaying, openViewer, SHARES_ENV } from './shared-videos'

// What unlisted links have as well, such as start times and captions, is in `shares.spec.ts`.
test.use({ env: SHARES_ENV })

test('makes a link a public page, which counts its plays @full', async ({ home: owner, user, browser }) => {
  const { id } = await createVideo(user)
  const { url } = await createShare(user, id)
  const { page: viewer, violations } = await openViewer(browser)
  await viewer.goto(url!)
  await expect(robots(viewer)).toHaveAttribute('content', 'noindex')

  await openPage(owner, `/videos/${id}`)
  await owner.getByRole('button', { name: 'Share' }).click()
  const link = owner.getByRole('dialog', { name: 'Share' }).getByRole('listitem')
  await expect(link).toContainText('Unlisted · 0 views')
  await link.getByRole('button', { name: 'Settings' }).click()
  await link.getByRole('checkbox', { name: 'Public page' }).check()
  await link.getByRole('button', { name: 'Save' }).click()
  await expect(link).toContainText('Public · 0 views')

  await viewer.reload()
  await expect(robots(viewer)).toHaveAttribute('content', 'index')
  await expect(viewer).toHaveTitle(/^web-safe/)
  await expect(viewer.getByRole('heading', { name: 'web-safe' })).toBeVisible()
  await expectLoaded(viewer)
  await expectAccessible(viewer)
  // The page was opened twice, and is not counted before it plays.
  expect(await readShare(user, id)).toMatchObject({ viewCount: 0 })
  await expectPlaying(viewer)
  await expect.poll(async () => (await readShare(user, id)).viewCount).toBe(1)
  await viewer.keyboard.press('k')
  await viewer.keyboard.press('k')
  await viewer.reload()
  await expectPlaying(viewer)
  await expect.poll(async () => (await readShare(user, id)).viewCount).toBe(2)
  expect(violations).toEqual([])
})

test('offers downloads on a public page only while they are allowed @full', async ({ user, browser }) => {
  const { id } = await createVideo(user)
  const share = await createShare(user, id, { visibility: 'public', isDownloadAllowed: true })
  const { page: viewer } = await openViewer(browser)
  await viewer.goto(share.url!)
  const original = viewer.getByRole('link', { name: 'Original' })
  const address = new URL((await original.getAttribute('href'))!, share.url!).href
  const download = viewer.waitForEvent('download')
  await original.click()
  expect((await download).suggestedFilename()).toBe('web-safe.mp4')

  await changeShare(user, share.id, { isDownloadAllowed: false })
  await viewer.reload()
  await expect(viewer.getByRole('heading', { name: 'web-safe' })).toBeVisible()
  await expect(original).toBeHidden()
  expect(await statusOf(address)).toBe(404)
})

const robots = (page: Page) => page.locator('meta[name="robots"]').first()

/** Expects that the poster is shown before anything plays. */
const expectLoaded = (page: Page) =>
  expect
    .poll(() =>
      page
        .locator('img[src*="poster"], media-poster-image')
        .first()
        .evaluate((image: HTMLImageElement) => image.naturalWidth),
    )
    .toBeGreaterThan(0)

const readShare = async (user: TestUser, videoId: string) =>
  (await user.fetchJson<{ shares: ShareDto[] }>(`/api/v1/videos/${videoId}/shares`)).shares[0]!

/** As a client without the cookies and the cache of the browser. */
async function statusOf(address: string) {
  const response = await fetch(address)
  await response.body?.cancel()
  return response.status
}

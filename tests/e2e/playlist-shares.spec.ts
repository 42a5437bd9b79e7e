import type { Page } from '@playwright/test'
import type { PlaylistDto } from '@/lib/playlists/schema'
import type { ShareDto } from '@/lib/shares/schema'
import { expect, expectAccessible, openPage, startPlaying, test, type TestUser } from './fixtures'
import { awaitTwoVideos, entries, findTwoVideos, nowPlaying, uploadTwoVideos } from './playlist-page'

test.use({ env: { MACHINES: 'off', SHARE_EMBED_ORIGINS: 'http://allowed.localhost:*' } })

const currentTime = (page: Page) =>
  page.locator('hls-video video').evaluate((media: HTMLVideoElement) => media.currentTime)

test('shares a playlist with viewers without an account @full', async ({ home, user, browser }) => {
  const playlist = await createPlaylist(home, user)
  await home.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await openPage(home, `/playlists/${playlist.id}`)
  await home.getByRole('button', { name: 'Share' }).click()
  const dialog = home.getByRole('dialog', { name: 'Share' })
  await dialog.getByRole('button', { name: 'Create link and copy it' }).click()
  await expect(dialog.getByRole('listitem')).toContainText('Unlisted · 0 views')
  await expectAccessible(home)
  const link = await home.evaluate(() => navigator.clipboard.readText())

  const viewer = await (await browser.newContext()).newPage()
  const errors: string[] = []
  viewer.on('pageerror', (error) => errors.push(error.message))
  await viewer.goto(link)
  await expect(viewer.getByRole('heading', { name: 'Holiday' })).toBeVisible()
  await expect(entries(viewer)).toHaveText([/^silent/, /^portrait/])
  await expect(viewer.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  await expectAccessible(viewer)
  await startPlaying(viewer)
  await expect(nowPlaying(viewer)).toHaveText('portrait', { timeout: 30_000 })
  await expect.poll(() => currentTime(viewer)).toBeGreaterThan(0.2)
  await viewer.reload()
  await expect(nowPlaying(viewer)).toHaveText('portrait')
  await viewer.getByRole('button', { name: 'Previous' }).click()
  await expect(nowPlaying(viewer)).toHaveText('silent')

  // What the owner removes leaves the open page.
  await viewer.clock.install()
  await viewer.reload()
  await expect(entries(viewer)).toHaveCount(2)
  const [first] = playlist.videoIds
  await user.fetchJson(`/api/v1/playlists/${playlist.id}/videos/${first}`, { method: 'DELETE' })
  await viewer.clock.fastForward(31_000)
  await expect(entries(viewer)).toHaveText([/^portrait/])
  await expect(nowPlaying(viewer)).toHaveText('portrait')
  const { shares } = await user.fetchJson<{ shares: ShareDto[] }>(`/api/v1/playlists/${playlist.id}/shares`)
  expect(shares[0]!.viewCount).toBe(1)

  const frame = await (await browser.newContext()).newPage()
  await frame.goto(shares[0]!.embedUrl!)
  await expect(frame.getByRole('link', { name: 'Holiday: portrait' })).toBeVisible()
  await startPlaying(frame)
  await expect.poll(() => currentTime(frame)).toBeGreaterThan(0.2)

  await user.fetch(`/api/v1/shares/${shares[0]!.id}`, { method: 'DELETE' })
  await viewer.clock.fastForward(31_000)
  await expect(viewer.getByRole('heading', { name: 'This link doesn’t work' })).toBeVisible()
  expect(errors).toEqual([])
})

async function createPlaylist(home: Page, user: TestUser) {
  await uploadTwoVideos(home)
  await awaitTwoVideos(home)
  const videoIds = await findTwoVideos(user)
  const init = { method: 'POST', body: JSON.stringify({ name: 'Holiday', videoIds }) }
  return user.fetchJson<PlaylistDto>('/api/v1/playlists', init)
}

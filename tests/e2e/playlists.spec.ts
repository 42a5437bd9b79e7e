import type { Page } from '@playwright/test'
import { expect, expectAccessible, openPage, startPlaying, test, trackReloads } from './fixtures'
import { awaitTwoVideos, entries, findTwoVideos, nowPlaying, uploadTwoVideos } from './playlist-page'

test.use({ env: { MACHINES: 'off' } })

const expectOrder = (page: Page, titles: string[]) =>
  expect(entries(page)).toHaveText(titles.map((title) => new RegExp(`^${title}`)))

test('plays an ordered list of videos one after another @full', async ({ home }) => {
  await uploadTwoVideos(home)
  await awaitTwoVideos(home)

  await openPage(home, '/videos')
  for (const name of ['silent', 'portrait'])
    await home.getByRole('checkbox', { name: `Select ${name}` }).check()
  await home.getByRole('toolbar').getByRole('button', { name: 'Playlist' }).click()
  await home.getByLabel('New playlist').fill('Holiday')
  await home.getByRole('button', { name: 'Create and add' }).click()
  await home.getByRole('button', { name: 'Open' }).click()
  await expect(home.getByRole('heading', { name: 'Holiday' })).toBeVisible()
  await expect(entries(home)).toHaveCount(2)
  await expectAccessible(home)

  const [first, second] = await entries(home)
    .locator('button:nth-of-type(2) span.block.truncate')
    .allTextContents()
  await home.getByRole('button', { name: `Move ${first}`, exact: true }).press('ArrowDown')
  await expectOrder(home, [second!, first!])
  await home.reload()
  await expectOrder(home, [second!, first!])
  await home.getByRole('button', { name: `Move ${first}`, exact: true }).dragTo(entries(home).first())
  await expectOrder(home, [first!, second!])

  await startPlaying(home)
  await expect(nowPlaying(home)).toHaveText(second!, { timeout: 30_000 })
  const video = home.locator('hls-video video')
  await expect.poll(() => video.evaluate((media: HTMLVideoElement) => media.currentTime)).toBeGreaterThan(0.2)
  await home.getByRole('button', { name: 'Previous' }).click()
  await expect(nowPlaying(home)).toHaveText(first!)

  await home.getByRole('button', { name: `Remove ${second} from the playlist` }).click()
  await expect(entries(home)).toHaveCount(1)
  await home.getByRole('button', { name: 'Undo' }).click()
  await expectOrder(home, [first!, second!])
  await home.getByRole('button', { name: 'Rename' }).click()
  await home.getByRole('textbox', { name: 'Name' }).fill('Summer')
  await home.getByRole('dialog').getByRole('button', { name: 'Rename' }).click()
  await expect(home.getByRole('heading', { name: 'Summer' })).toBeVisible()

  await home.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(home.getByText('Deleted the playlist “Summer”')).toBeVisible()
  await home.getByRole('button', { name: 'Undo' }).click()
  await expectOrder(home, [first!, second!])
})

test('an open playlist and the chips of the library follow changes made elsewhere @full', async ({
  home,
  user,
}) => {
  await uploadTwoVideos(home)
  const [silent, portrait] = await findTwoVideos(user)
  const send = (method: string, at: string, body?: object) =>
    user.fetchJson<{ id: string }>(at, { method, body: body && JSON.stringify(body) })
  const { id } = await send('POST', '/api/v1/playlists', { name: 'Holiday', videoIds: [silent] })
  const folder = await send('POST', '/api/v1/folders', { name: 'Trips' })
  const library = await home.context().newPage()
  await openPage(library, '/videos')
  await expect(library.getByRole('link', { name: '▸ Holiday 1' })).toBeVisible()
  await openPage(home, `/playlists/${id}`)
  await expectOrder(home, ['silent'])
  const expectNoReload = await trackReloads(home)

  await send('POST', `/api/v1/playlists/${id}/videos`, { videoIds: [portrait] })
  await expectOrder(home, ['silent', 'portrait'])
  await expect(library.getByRole('link', { name: '▸ Holiday 2' })).toBeVisible()
  await send('PATCH', `/api/v1/playlists/${id}`, { videoIds: [portrait, silent], name: 'Summer' })
  await expectOrder(home, ['portrait', 'silent'])
  await expect(home.getByRole('heading', { name: 'Summer' })).toBeVisible()
  await send('PATCH', `/api/v1/videos/${portrait}`, { title: 'Beach', folderId: folder.id })
  await expectOrder(home, ['Beach', 'silent'])
  await expect(library.getByRole('link', { name: 'Trips 1' })).toBeVisible()
  await send('DELETE', `/api/v1/playlists/${id}/videos/${portrait}`)
  await expectOrder(home, ['silent'])
  // Its state, once it can be played.
  await expect(entries(home).first()).not.toContainText('Being processed', { timeout: 90_000 })
  await expectNoReload()
  await user.fetch(`/api/v1/playlists/${id}`, { method: 'DELETE' })
  await expect(home.getByText('This playlist was deleted.')).toBeVisible()
})

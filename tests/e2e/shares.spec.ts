import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { expect, expectAccessible, openPage, startPlaying, test } from './fixtures'
import {
  createShare,
  createVideo,
  currentTime,
  expectExpired,
  expectPlaying,
  expireShare,
  openViewer,
  SHARES_ENV,
  UNAVAILABLE,
} from './shared-videos'

test.use({ env: SHARES_ENV })

test('shares a video with viewers without an account @full', async ({ home: owner, user, browser }) => {
  const { id } = await createVideo(user)
  await user.fetch(`/api/v1/videos/${id}/captions/files?filename=a.en.vtt`, {
    method: 'POST',
    body: 'WEBVTT\n\n00:00.000 --> 00:09.000\nHello from the harbour\n',
  })
  await owner.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await openPage(owner, `/videos/${id}`)
  await owner.getByRole('button', { name: 'Share' }).click()
  const dialog = owner.getByRole('dialog', { name: 'Share' })
  await dialog.getByRole('button', { name: 'Create link and copy it' }).click()
  await expect(dialog.getByRole('listitem')).toContainText('Unlisted · 0 views')
  await expectAccessible(owner)
  const link = await owner.evaluate(() => navigator.clipboard.readText())

  const { page: viewer, violations } = await openViewer(browser)
  await viewer.goto(link)
  await expect(viewer.getByRole('heading', { name: 'web-safe' })).toBeVisible()
  await expect(viewer.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  await expectAccessible(viewer)
  await expect(viewer.getByRole('list', { name: 'Downloads' })).toBeHidden()
  await expectPlaying(viewer)
  await expect.poll(() => viewer.evaluate(readCaption)).toBe('Hello from the harbour')
  await viewer.goto(`${link}?t=6`)
  await expect.poll(() => currentTime(viewer)).toBeGreaterThanOrEqual(6)

  // Settings: a password and downloads. The view was counted.
  await owner.reload()
  await owner.getByRole('button', { name: 'Share' }).click()
  await expect(dialog.getByRole('listitem')).toContainText('1 view')
  await dialog.getByRole('button', { name: 'Settings' }).click()
  await dialog.getByRole('checkbox', { name: 'Require a password' }).check()
  await dialog.getByLabel('Password', { exact: true }).fill('correct-horse')
  await dialog.getByRole('checkbox', { name: 'Allow downloads' }).check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByRole('listitem')).toContainText('Unlisted · Password · Downloads · 1 view')

  await viewer.goto(link)
  await expect(viewer).toHaveTitle('Protected link · Meanwhile')
  await viewer.getByLabel('Password').fill('wrong-horse')
  await viewer.getByRole('button', { name: 'Open' }).click()
  await expect(viewer.getByText('That password doesn’t match.')).toBeVisible()
  await expectAccessible(viewer)
  await viewer.getByLabel('Password').fill('correct-horse')
  await viewer.getByRole('button', { name: 'Open' }).click()
  await expectPlaying(viewer)
  await viewer.reload()
  await expect(viewer.getByRole('heading', { name: 'web-safe' })).toBeVisible()
  const download = viewer.waitForEvent('download')
  await viewer.getByRole('link', { name: 'Original' }).click()
  expect((await download).suggestedFilename()).toBe('web-safe.mp4')

  // Revoked while the viewer watches.
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await owner.getByRole('button', { name: 'Revoke link' }).click()
  await expect(dialog.getByText('Only you can watch this video.')).toBeVisible()
  await viewer.reload()
  await expect(viewer.getByRole('heading', { name: UNAVAILABLE })).toBeVisible()

  const expiring = await createShare(user, id)
  await viewer.goto(expiring.url!)
  await expect(viewer.getByRole('heading', { name: 'web-safe' })).toBeVisible()
  await expireShare(user, expiring.id)
  await expectExpired(viewer)
  // The browser also reports the wrong password and the 404 pages.
  expect(violations.filter((text) => !/status of 40[34]/.test(text))).toEqual([])
})

test('a shared video plays in the pages of allowed sites only @full', async ({ user, browser }) => {
  const { id } = await createVideo(user)
  const { embedUrl } = await createShare(user, id)
  const site = createServer((_request, response) =>
    response
      .setHeader('content-type', 'text/html')
      .end(`<iframe src="${embedUrl}" width="640" height="360" allow="autoplay"></iframe>`),
  )
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  const { port } = site.address() as AddressInfo
  const { page } = await openViewer(browser)

  await page.goto(`http://allowed.localhost:${port}/`)
  const frame = page.frameLocator('iframe')
  await startPlaying(frame)
  const media = frame.locator('hls-video video')
  await expect.poll(() => media.evaluate((video: HTMLVideoElement) => video.currentTime)).toBeGreaterThan(0.5)
  await expect(frame.getByRole('link', { name: 'web-safe' })).toBeVisible()

  const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'))
  await page.goto(`http://other.localhost:${port}/`)
  await refused
  await expect(page.frameLocator('iframe').locator('media-play-button')).toHaveCount(0)
  site.close()
})

/** The text of the cue that is shown. */
function readCaption() {
  const media = document.querySelector('hls-video')!.shadowRoot!.querySelector('video')!
  const showing = [...media.textTracks].find(({ kind, mode }) => kind === 'subtitles' && mode === 'showing')
  return (showing?.activeCues?.[0] as VTTCue | undefined)?.text
}

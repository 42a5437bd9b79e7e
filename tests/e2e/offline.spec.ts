import type { Page } from '@playwright/test'
import { generateMedia } from '@/tests/support/generate-media'
import { startTcpProxy } from '@/tests/support/tcp-proxy'
import { chooseFiles, expect, expectAccessible, test, videoLink } from './fixtures'

const waitForServiceWorker = (page: Page) =>
  page.evaluate(async () => void (await navigator.serviceWorker.ready))

test('can be installed, with icons, colors of both themes and shortcuts @full', async ({ home }) => {
  const devTools = await home.context().newCDPSession(home)
  const { errors } = await devTools.send('Page.getAppManifest')
  expect(errors).toEqual([])
  await waitForServiceWorker(home)
  const { installabilityErrors } = await devTools.send('Page.getInstallabilityErrors')
  // Browsers of tests are incognito.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])
  const manifest = (await (await home.request.get('/manifest.webmanifest')).json()) as {
    icons: { src: string }[]
    shortcuts: { url: string }[]
  }
  for (const { src } of [...manifest.icons, { src: '/icons/apple.png' }])
    expect((await home.request.get(src)).headers()['content-type']).toBe('image/png')
  for (const { url } of manifest.shortcuts) expect((await home.goto(url))?.status(), url).toBe(200)
})

test('shows a page while the server is unreachable, and opens what was wanted once it answers @full', async ({
  home,
  app,
}) => {
  const proxy = await startTcpProxy(app.url)
  await home.goto(`${proxy.url}/videos`)
  await waitForServiceWorker(home)
  proxy.cut()
  await home.goto(`${proxy.url}/activity`)
  await expect(home.getByRole('heading', { name: 'You’re offline' })).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await home.emulateMedia({ colorScheme })
    await expectAccessible(home)
  }
  proxy.restore()
  await expect(home.getByRole('heading', { name: 'Activity' })).toBeVisible()
  expect(new URL(home.url()).pathname).toBe('/activity')
  proxy.close()
})

test('leaves nothing for the next user of the browser @full', async ({ home, app }) => {
  const proxy = await startTcpProxy(app.url)
  await chooseFiles(home, [await generateMedia('silent.mp4')])
  await expect(home.getByText(/^Done/)).toBeVisible({ timeout: 60_000 })
  await home.goto(`${proxy.url}/videos`)
  await waitForServiceWorker(home)
  await home.reload()
  await videoLink(home, 'silent').click()
  await expect(home.locator('video')).toBeVisible()
  expect(await home.evaluate(() => caches.keys())).toEqual([])
  await home.context().clearCookies()
  proxy.cut()
  for (const path of ['/videos', '/', '/api/v1/videos', '/sw.js']) {
    const response = await home.goto(proxy.url + path).catch(() => null)
    expect(response ? await home.locator('body').innerText() : '').not.toContain('silent')
  }
  proxy.close()
})

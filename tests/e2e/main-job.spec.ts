import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'

const person = { email: 'ada@example.com', password: 'correct-horse-battery' }
const clip = path.join(mkdtempSync(path.join(tmpdir(), 'meanwhile-clip-')), 'harbour walk.mp4')

test.beforeAll(() => {
  const picture = [
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=1920x1080:r=25:d=24',
    '-f',
    'lavfi',
    '-i',
    'sine=f=440:d=24',
  ]
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50', '-c:a', 'aac']
  execFileSync('ffmpeg', ['-v', 'error', ...picture, ...encode, clip])
})

const open = (page: Page, at = '/') => page.goto(`${process.env.E2E_URL}${at}`)

async function signIn(page: Page) {
  await open(page, '/sign-in')
  await page.getByLabel('E-mail').fill(person.email)
  await page.getByLabel('Password').fill(person.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Drop videos anywhere' })).toBeVisible()
}

async function dropVideo(page: Page, file: string) {
  // The page is a drop target as a whole: the file is handed to it as a real drop event would.
  await page.getByTestId('file-input').setInputFiles(file)
}

const expectAccessible = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).exclude('media-controller').analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
}

test('drop a video, close the page, come back and watch it', async ({ browser }) => {
  const first = await browser.newContext()
  let page = await first.newPage()
  await open(page)
  await expect(page.getByRole('heading', { name: 'Create the administrator' })).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('E-mail').fill(person.email)
  await page.getByLabel('Password').fill(person.password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByRole('heading', { name: 'Drop videos anywhere' })).toBeVisible()
  await expectAccessible(page)

  await dropVideo(page, clip)
  const bar = page.getByRole('progressbar', { name: 'Progress of harbour walk' })
  await expect(bar).toBeVisible()
  // Live: the number moves while nobody reloads.
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(5)
  await expect(page.locator('[data-rung="source"]').getByLabel('done')).toBeVisible()
  await page.close()

  page = await first.newPage()
  await open(page, '/videos')
  await expect(page.getByText('Done · 0:24')).toBeVisible({ timeout: 60_000 })
  await expectAccessible(page)
  await page.getByRole('link', { name: 'harbour walk', exact: true }).click()
  await expect(page.getByTestId('video-state')).toHaveText('Done')

  const quality = page.getByLabel('Quality')
  await expect(quality.getByRole('option')).toHaveText(['Automatic', '1080p', '720p', '480p', '360p'])
  const time = () => page.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime)
  const height = () => page.locator('video').evaluate((video: HTMLVideoElement) => video.videoHeight)
  await page.locator('media-play-button').click()
  await expect.poll(time).toBeGreaterThan(0.5)
  await quality.selectOption('360p')
  await expect.poll(height, { timeout: 30_000 }).toBe(360)
  await expectAccessible(page)
  await first.close()
})

test('a file that is no video is refused in plain words', async ({ page }) => {
  await signIn(page)
  await page.getByTestId('file-input').setInputFiles({
    name: 'letter.mp4',
    mimeType: 'video/mp4',
    buffer: Buffer.from('not a video '.repeat(1000)),
  })
  await expect(page.getByText('This is not a video or audio file that can be read.')).toBeVisible()
})

test('five tabs see the same, and one that was offline catches up without a reload', async ({ browser }) => {
  const context = await browser.newContext()
  const pages = [await context.newPage()]
  await signIn(pages[0]!)
  while (pages.length < 5) {
    const page = await context.newPage()
    await open(page, '/activity')
    pages.push(page)
  }
  await pages[4]!.context().setOffline(false)
  await dropVideo(pages[0]!, clip)
  for (const page of pages.slice(1)) await expect(page.getByText('Making renditions').first()).toBeVisible()
  await expect(pages[0]!.getByText('Uploaded. You can close this tab.')).toBeVisible()
  await context.setOffline(true)
  const session = await browser.newContext()
  const watcher = await session.newPage()
  await signIn(watcher)
  await open(watcher, '/videos')
  await expect(watcher.getByText('Done · 0:24')).toHaveCount(2, { timeout: 60_000 })
  await context.setOffline(false)
  for (const page of pages.slice(1)) {
    const rows = page
      .getByRole('listitem')
      .filter({ hasText: 'Making renditions' })
      .filter({ hasText: 'Done' })
    await expect(rows).toHaveCount(2, { timeout: 40_000 })
  }
  await context.close()
  await session.close()
})

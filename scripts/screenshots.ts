import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { chromium, type Browser, type Page } from 'playwright'
import { waitUntil } from '@/lib/concurrency/wait-until'
import { TEST_PASSWORD } from '@/tests/support/accounts'
import { startApp } from '@/tests/support/app'
import buildApp from '@/tests/support/build-app'
import { clips, seedApp, startTranscode } from './screenshot-data'

// Takes screenshots of the running app with generated videos and a real machine: those of the README, or, given a
// directory, every page in light and dark mode and at phone width.
const [allPagesDir] = process.argv.slice(2)
const README_DIR = 'docs/screenshots'
const account = { email: 'ada@example.com', password: TEST_PASSWORD }

type Capture = (name: string, of?: Page) => Promise<void>

const viewports = {
  light: { colorScheme: 'light', viewport: { width: 1200, height: 940 } },
  dark: { colorScheme: 'dark', viewport: { width: 1200, height: 940 } },
  phone: { colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true },
} as const

/** Titles of the videos that are being transcoded. */
const TRANSCODED = { light: 'Keynote rehearsal', dark: 'Keynote, second take', phone: 'Keynote, third take' }

await buildApp()
const app = await startApp({ CAPTIONS: 'pocketsphinx' })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
})
const media = mkdtempSync(path.join(tmpdir(), 'meanwhile-screenshots-'))
try {
  const seed = await seedApp(app, { ...account, media })
  for (const theme of Object.keys(viewports) as (keyof typeof viewports)[]) {
    await startTranscode(seed, TRANSCODED[theme])
    await capturePages(browser, theme)
  }
} finally {
  rmSync(media, { recursive: true })
  await browser.close()
  await app.stop()
}

async function capturePages(from: Browser, theme: keyof typeof viewports) {
  const page = await from.newPage({ ...viewports[theme], baseURL: app.url })
  const capture = async (name: string, of: Page = page) => {
    const isForReadme = ['home-light', 'watch-dark', 'machine-light'].includes(`${name}-${theme}`)
    if (!allPagesDir && !isForReadme) return
    await of.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined)
    const dir = allPagesDir ?? README_DIR
    mkdirSync(dir, { recursive: true })
    const file = path.join(dir, `${name}-${theme}.jpg`)
    await of.screenshot({ path: file, type: 'jpeg', quality: 85, fullPage: Boolean(allPagesDir) })
  }
  await page.goto('/sign-in')
  await capture('sign-in')
  await signIn(page, account.email)
  await page.getByText(TRANSCODED[theme]).first().waitFor()
  await capture('home')
  if (allPagesDir) {
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').waitFor()
    await capture('command')
  }
  await page.goto('/videos')
  await capture('videos')
  await page.getByRole('link', { name: 'Harbour at dusk', exact: true }).click()
  await playBriefly(page)
  await capture('watch')
  await page.goto('/machines')
  await page.getByRole('link', { name: 'build-box', exact: true }).click()
  await typeInConsole(page)
  await capture('machine')
  if (allPagesDir) {
    await captureMorePages(page, capture)
    await captureNewHome(await from.newPage({ ...viewports[theme], baseURL: app.url }), capture)
  }
  await page.close()
}

async function signIn(page: Page, email: string) {
  await page.goto('/sign-in')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(TEST_PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('/')
}

/** The home page of a new user: empty, and while files are uploaded slowly. */
async function captureNewHome(page: Page, capture: Capture) {
  const email = `new-${randomUUID()}@example.com`
  await app.createUser(email)
  await signIn(page, email)
  await capture('home-empty', page)
  const connection = await page.context().newCDPSession(page)
  const rates = { latency: 0, downloadThroughput: -1, uploadThroughput: 100_000 }
  await connection.send('Network.emulateNetworkConditions', { offline: false, ...rates })
  const files = Object.keys(clips).map((name) => path.join(media, name))
  await page.getByTestId('file-input').setInputFiles(files)
  // Speed and time left need some seconds.
  await delay(5_000)
  await capture('home-uploading', page)
  await page.close()
}

async function playBriefly(page: Page) {
  await page.locator('media-play-button').click()
  const video = page.locator('hls-video')
  const hasPlayed = async () => (await video.evaluate((v) => (v as HTMLVideoElement).currentTime)) > 2
  await waitUntil(hasPlayed, { intervalMs: 100, timeoutMs: 30_000 })
  await page.locator('media-play-button').click()
}

async function typeInConsole(page: Page) {
  const input = page.getByRole('textbox', { name: 'Terminal input' })
  // Each line exists twice: as a row of the terminal and for screen readers.
  await page
    .getByText(/root@build-box:~# $/)
    .first()
    .waitFor()
  await input.focus()
  await page.keyboard.type('clear; free -m; for n in 1 2 3; do dd if=/dev/zero of=file bs=1M count=32; done')
  await page.keyboard.press('Enter')
  // The usage charts need samples.
  await delay(8_000)
}

async function captureMorePages(page: Page, capture: Capture) {
  await page.goto('/')
  const isDone = async () => (await page.getByText('In progress').count()) === 0
  await waitUntil(isDone, { intervalMs: 500, timeoutMs: 5 * 60_000 })
  await capture('home-done')
  await page.goto('/videos')
  await page.getByRole('link', { name: 'Harbour at dusk', exact: true }).click()
  await page.getByRole('link', { name: 'Edit captions' }).click()
  await page.getByRole('list', { name: 'Cues' }).waitFor()
  await capture('captions-editor')
  await page.goBack()
  await page.locator('media-settings-menu-button').click()
  await page.getByRole('menuitem').first().waitFor()
  await capture('watch-menu')
  await page.goto((await page.locator('[href^="/tasks/"]').nth(1).getAttribute('href'))!)
  await page.getByRole('heading', { name: 'Log' }).waitFor()
  await capture('task')
  for (const pathname of [
    'activity',
    'account',
    'admin',
    'admin/queues',
    'admin/mail',
    'machines/new',
    'docs/api',
    'archives',
    'notifications',
    'no/such/page',
  ]) {
    await page.goto(`/${pathname}`)
    await capture(pathname.replaceAll('/', '-'))
  }
}

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, openAsBlob, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { chromium, type Browser, type Page } from 'playwright'
import { waitUntil } from '@/lib/concurrency/wait-until'
import type { MachineDto, CreateMachineResponse } from '@/lib/machines/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { TEST_PASSWORD } from '@/tests/support/accounts'
import { type App, startApp } from '@/tests/support/app'
import { ASK_NOT_SENTENCE, generateSpeech, MORNING_SUN_SENTENCE } from '@/tests/support/generate-speech'

// Takes screenshots of the running app with generated videos and a real machine: those of the README, or, given a
// directory, every page in light and dark mode and at phone width.
const [allPagesDir] = process.argv.slice(2)
const README_DIR = 'docs/screenshots'
const account = { email: 'ada@example.com', password: TEST_PASSWORD }

const execFileAsync = promisify(execFile)
const viewports = {
  light: { colorScheme: 'light', viewport: { width: 1200, height: 940 } },
  dark: { colorScheme: 'dark', viewport: { width: 1200, height: 940 } },
  phone: { colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true },
} as const

const H264 = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50'
const clips: Record<string, string> = {
  'Harbour at dusk.mp4': `-f lavfi -i gradients=s=1920x1080:r=25:d=24:c0=0x0b3d3a:c1=0x2dd4bf:c2=0x1e3a8a:c3=0xf59e0b:nb_colors=4:speed=0.01:seed=7 -i SPEECH ${H264} -c:a aac`,
  'Interview.mp3':
    '-f lavfi -i aevalsrc=0.4*sin(2*PI*t*(200+40*sin(t)))*abs(sin(t*1.3)):d=95 -c:a libmp3lame',
  'Stage clip.mp4': `-f lavfi -i gradients=s=720x1280:r=25:d=6:c0=0x7c3aed:c1=0xf472b6:seed=3 ${H264}`,
  'Keynote rehearsal.mp4': `-f lavfi -i mandelbrot=s=1280x720:r=25 -t 60 ${H264} -crf 30`,
}

const app = await startApp({ CAPTIONS: 'pocketsphinx' })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
})
const media = mkdtempSync(path.join(tmpdir(), 'meanwhile-screenshots-'))
try {
  await seedApp(app)
  for (const theme of Object.keys(viewports) as (keyof typeof viewports)[]) await capturePages(browser, theme)
} finally {
  rmSync(media, { recursive: true })
  await browser.close()
  await app.stop()
}

/** Creates a running machine, finished videos, and a video that is being transcoded. */
async function seedApp({ url, createUser }: App) {
  const { key } = await createUser(account.email, { isAdmin: true })
  const headers = { authorization: `Bearer ${key}` }
  await createMachine(url, headers)
  const speech = path.join(media, 'speech.flac')
  const utterances = [
    { text: ASK_NOT_SENTENCE, atSeconds: 1 },
    { text: MORNING_SUN_SENTENCE, atSeconds: 6 },
    { text: ASK_NOT_SENTENCE, atSeconds: 11 },
    { text: MORNING_SUN_SENTENCE, atSeconds: 17 },
  ]
  await generateSpeech(speech, { utterances, seconds: 24 })
  const names = Object.keys(clips)
  for (const [n, name] of names.entries()) {
    const file = path.join(media, name)
    await execFileAsync('ffmpeg', ['-v', 'error', ...clips[name]!.replace('SPEECH', speech).split(' '), file])
    const endpoint = `${url}/api/v1/videos?filename=${encodeURIComponent(name)}`
    const response = await fetch(endpoint, { method: 'POST', headers, body: await openAsBlob(file) })
    const { video } = (await response.json()) as { video: VideoDto }
    const isSeeded = (current: VideoDto) =>
      n < names.length - 1
        ? current.state === 'done' && current.urls.poster !== null && current.captions.every(isCaptioned)
        : current.renditions.some(({ mode, progress }) => mode === 'encode' && progress > 0.1)
    const read = async () =>
      (await (await fetch(`${url}/api/v1/videos/${video.id}`, { headers })).json()) as VideoDto
    while (!isSeeded(await read())) await delay(200)
  }
}

function isCaptioned({ state }: VideoDto['captions'][number]) {
  return state === 'done'
}

async function createMachine(url: string, headers: Record<string, string>) {
  const endpoint = `${url}/api/v1/machines`
  const body = JSON.stringify({ name: 'build-box', size: 'small', tags: ['ci'] })
  const response = await fetch(endpoint, { method: 'POST', headers, body })
  const { machine } = (await response.json()) as CreateMachineResponse
  const read = async () =>
    (await (await fetch(`${endpoint}/${machine.id}`, { headers })).json()) as MachineDto
  while ((await read()).state !== 'running') await delay(200)
}

async function capturePages(from: Browser, theme: keyof typeof viewports) {
  const page = await from.newPage({ ...viewports[theme], baseURL: app.url })
  const capture = async (name: string) => {
    const isForReadme = ['home-light', 'watch-dark', 'machine-light'].includes(`${name}-${theme}`)
    if (!allPagesDir && !isForReadme) return
    await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined)
    const dir = allPagesDir ?? README_DIR
    mkdirSync(dir, { recursive: true })
    const file = path.join(dir, `${name}-${theme}.jpg`)
    await page.screenshot({ path: file, type: 'jpeg', quality: 85, fullPage: Boolean(allPagesDir) })
  }
  await page.goto('/sign-in')
  await capture('sign-in')
  await page.getByLabel('Email').fill(account.email)
  await page.getByLabel('Password').fill(account.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Drop videos anywhere' }).waitFor()
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
  if (allPagesDir) await captureMorePages(page, capture)
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

async function captureMorePages(page: Page, capture: (name: string) => Promise<void>) {
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
  ]) {
    await page.goto(`/${pathname}`)
    await capture(pathname.replace('/', '-'))
  }
}

// Long, because all of it follows what is said in a video, with the same recordings and helpers, in one app that listens.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import type { CaptionDto, CaptionHit, CuesDto } from '@/lib/captions/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { findSharedMedia } from '@/tests/support/shared-media'
import { ASK_NOT_SENTENCE, generateSpeech, MORNING_SUN_SENTENCE } from '@/tests/support/generate-speech'
import { expect, expectAccessible, trackReloads, type TestUser, test } from './fixtures'

test.use({ env: { CAPTIONS: 'pocketsphinx', MACHINES: 'off' } })

const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-speech-'))

/** What the player has to show now, track by track. */
const readPlayerCues = (page: Page) =>
  page.locator('hls-video video').evaluate((video: HTMLVideoElement) =>
    [...video.textTracks]
      .filter((track) => track.kind === 'subtitles')
      .map((track) => ({
        label: track.label,
        mode: track.mode,
        cues: [...(track.cues ?? [])].map((cue) => ({ at: cue.startTime, text: (cue as VTTCue).text })),
      })),
  )

async function uploadVideo(user: TestUser, file: string) {
  const at = `/api/v1/videos?filename=${path.basename(file)}`
  const answer = await user.fetch(at, { method: 'POST', body: readFileSync(file) })
  return ((await answer.json()) as { video: VideoDto }).video
}

const searchCaptions = async (user: TestUser, q: string) => {
  const answer = await user.fetch(`/api/v1/captions/search?q=${encodeURIComponent(q)}`)
  return ((await answer.json()) as { hits: CaptionHit[] }).hits
}

test('captions appear in an open page while they are made, and are found', async ({ home: page, user }) => {
  const said = [
    { text: ASK_NOT_SENTENCE, atSeconds: 2 },
    { text: MORNING_SUN_SENTENCE, atSeconds: 40 },
  ]
  const file = await generateSpeech(path.join(dir, 'speech.mkv'), {
    utterances: said,
    seconds: 50,
    hasVideo: true,
  })
  const video = await uploadVideo(user, file)
  await page.goto(`/videos/${video.id}`)
  const isSame = await trackReloads(page)
  expect(video.captions).toEqual([])
  // The first words are here before the last are heard.
  await expect
    .poll(async () => (await readPlayerCues(page))[0]?.cues.length, { timeout: 60_000 })
    .toBeGreaterThan(0)
  await expect
    .poll(async () => (await readPlayerCues(page))[0]?.cues.map((cue) => cue.text), { timeout: 30_000 })
    .toEqual([expect.stringContaining('what your country can do for you'), MORNING_SUN_SENTENCE])
  const lines = page.getByRole('list', { name: 'Transcript' }).getByRole('button')
  await expect(lines).toHaveText([/what your country can do for you/, new RegExp(MORNING_SUN_SENTENCE)])
  await expect(
    page.getByText('Low-accuracy captions (PocketSphinx): about half of the words are right.'),
  ).toBeVisible()
  const [track] = await readPlayerCues(page)
  expect(track).toMatchObject({ label: 'English (automatic, low accuracy)', mode: 'showing' })
  expect(Math.abs(track!.cues[1]!.at - 40)).toBeLessThan(0.5)

  await page.locator('media-settings-menu-button').click()
  await page.getByRole('menuitem', { name: 'Captions' }).click()
  await page.getByRole('menuitemradio', { name: 'Off' }).click()
  await expect.poll(async () => (await readPlayerCues(page))[0]?.mode).toBe('disabled')
  // The choice is taken, and the menu is where it was before.
  await page.getByRole('menuitem', { name: 'Captions' }).click()
  await page.getByRole('menuitemradio', { name: 'English (automatic, low accuracy)' }).click()
  await expect.poll(async () => (await readPlayerCues(page))[0]?.mode).toBe('showing')
  await page.keyboard.press('Escape')
  expect(await searchCaptions(user, 'what your country')).toMatchObject([{ videoId: video.id }])
  await expectAccessible(page)
  await isSame()
})

const SPEECH_SRT = [
  '1',
  '00:00:00,300 --> 00:00:05,000',
  'And so, my fellow Americans,',
  '',
  '2',
  '00:00:05,300 --> 00:00:06,500',
  'ask not what your country',
  '',
  '3',
  '00:00:06,500 --> 00:00:08,000',
  'can do for you',
  '',
  '4',
  'no time at all',
  'these words are lost',
  '',
].join('\n')

const readPlayerSeconds = (page: Page) =>
  page.locator('hls-video video').evaluate((video: HTMLVideoElement) => video.currentTime)

/** A video without words of its own, and the page where it is watched. */
async function openSilentVideo(page: Page, user: TestUser) {
  const file = path.join(dir, 'silent.mkv')
  await generateSpeech(file, { utterances: [], seconds: 12, hasVideo: true })
  const video = await uploadVideo(user, file)
  await page.goto(`/videos/${video.id}`)
  await page.getByRole('button', { name: 'play', exact: true }).waitFor({ timeout: 60_000 })
  return video
}

test('what is said is found from anywhere, leads to its moment, and is put right', async ({
  home: page,
  user,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const video = await openSilentVideo(page, user)
  await expect(page.getByText(/detected no speech/)).toBeVisible({ timeout: 60_000 })

  const buffer = Buffer.from(SPEECH_SRT)
  await page.getByTestId('subtitle-input').setInputFiles({ name: 'silent.en.srt', mimeType: '', buffer })
  const problems = page.getByRole('dialog')
  await expect(problems.getByRole('list', { name: 'Problems' })).toHaveText(/Line 13/)
  await problems.getByRole('button', { name: 'Close' }).click()
  const lines = page.getByRole('list', { name: 'Transcript' }).getByRole('button')
  await expect(lines).toHaveCount(3)

  // Beside the player: words over the end of a cue; a line leads to its moment.
  const find = page.getByRole('searchbox', { name: 'Search transcript' })
  await find.fill('what your country can do for you')
  await expect(page.getByText('1 of 1')).toBeVisible()
  await expect(page.locator('mark')).toHaveText(['what your country', 'can do for you'])
  await find.fill('')
  await lines.nth(2).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => readPlayerSeconds(page)).toBeCloseTo(6.5, 1)
  await expect(lines.nth(2)).toHaveAttribute('aria-current', 'true')

  // From anywhere.
  await page.goto('/')
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('what your country can do for you')
  const found = page.getByRole('option', { name: /ask not what your country can do for you/ })
  await expect(found.locator('mark')).toHaveText('what your country can do for you')
  await found.click()
  await expect.poll(() => readPlayerSeconds(page), { timeout: 30_000 }).toBeCloseTo(5.3, 1)
  await expect(lines.nth(1)).toHaveAttribute('aria-current', 'true')
  await page.goto('/videos?search=your+country+can')
  await page.getByRole('link', { name: /ask not what your country/ }).click()
  await expect.poll(() => readPlayerSeconds(page), { timeout: 30_000 }).toBeCloseTo(5.3, 1)

  // Put right, with every way to do so.
  await page.getByRole('link', { name: 'Edit captions' }).click()
  const cues = page.getByRole('list', { name: 'Cues' })
  const state = page.getByTestId('save-state')
  await cues.getByText('And so, my fellow Americans,').click()
  const text = page.getByLabel('Cue text')
  await text.fill('And so, my fellow Americans: <b>')
  await page.keyboard.press('Alt+ArrowDown')
  await expect(text).toHaveValue('ask not what your country')
  await page.keyboard.press('Alt+KeyM')
  await expect(text).toHaveValue('ask not what your country can do for you')
  await text.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(8, 8))
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(text).toHaveValue('what your country can do for you')
  await page.getByLabel('End', { exact: true }).fill('0:08.5')
  await page.getByLabel('End', { exact: true }).press('Enter')
  await page.getByLabel('End', { exact: true }).press('Shift+ArrowUp')
  await page.keyboard.press('ControlOrMeta+f')
  await page.getByLabel('Find', { exact: true }).fill('ask not')
  await page.getByLabel('Replace with').fill('Ask not')
  await page.getByRole('button', { name: 'Replace all' }).click()
  await expect(state).toHaveText('Saved')
  const stored = async () => {
    const { captions } = (await (await user.fetch(`/api/v1/videos/${video.id}/captions`)).json()) as {
      captions: CaptionDto[]
    }
    const sidecar = captions.find(({ source }) => source === 'sidecar')!
    return ((await (await user.fetch(sidecar.urls.cues)).json()) as CuesDto).cues
  }
  const EDITED = ['And so, my fellow Americans: <b>', 'Ask not', 'what your country can do for you']
  expect((await stored()).map((cue) => cue.text)).toEqual(EDITED)
  expect((await stored())[2]!.endSeconds).toBe(9.5)
  await page.reload()
  for (const line of EDITED) await expect(cues.getByText(line, { exact: true })).toBeVisible()

  // In another tab at once: what is elsewhere is taken in; where both changed the same, a user chooses.
  const other = await page.context().newPage()
  await other.goto(page.url())
  const write = async (tab: Page, line: string, now: string) => {
    await tab.getByRole('list', { name: 'Cues' }).getByText(line, { exact: true }).click()
    await tab.getByLabel('Cue text').fill(now)
  }
  await write(other, 'Ask not', 'ASK NOT')
  await expect(cues.getByText('ASK NOT', { exact: true })).toBeVisible()
  await other.route('**/cues', (route) =>
    route.request().method() === 'PATCH' ? route.abort() : route.continue(),
  )
  await write(other, EDITED[2]!, 'there')
  await expect(other.getByTestId('save-state')).toContainText('Not saved')
  await write(page, EDITED[2]!, 'here')
  await expect(other.getByText(/also changed elsewhere/)).toBeVisible()
  await other.unroute('**/cues')
  await other.getByRole('button', { name: 'Keep mine' }).click()
  await expect(page.getByLabel('Cue text')).toHaveValue('there')
  await other.close()

  // Back to how the file was.
  await page.getByRole('button', { name: 'Versions' }).click()
  await expectAccessibleInAllThemes(page)
  await page.getByRole('button', { name: 'Restore this version' }).last().click()
  await expect.poll(async () => (await stored()).map((cue) => cue.text)).toContain('can do for you')
  await expectAccessibleInAllThemes(page)
  await page.goto(`/videos/${video.id}`)
  await expect(lines).toHaveCount(3)
  await expectAccessibleInAllThemes(page)
})

/** Accessible in light and dark, wide and narrow, and never wider than the screen. */
async function expectAccessibleInAllThemes(page: Page) {
  for (const [colorScheme, width] of [
    ['light', 390],
    ['dark', 1280],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 844 })
    await expectAccessible(page)
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0)
  }
}

test('the menu stays as it is under the hand of whoever chooses', async ({ home: page, user }) => {
  const video = await openSilentVideo(page, user)
  const addTrack = (name: string) =>
    user.fetch(`/api/v1/videos/${video.id}/captions/files?filename=${name}`, {
      method: 'POST',
      body: SPEECH_SRT,
    })
  await addTrack('silent.en.srt')
  const captions = page.getByRole('menuitem', { name: 'Captions' })
  const choice = (name: string) => page.getByRole('menuitemradio', { name, exact: true })
  await page.locator('media-settings-menu-button').click()
  await captions.click()
  await expect(choice('Off')).toBeFocused()

  // What comes meanwhile, comes when it is closed.
  await addTrack('silent.de.srt')
  await expect(page.getByRole('combobox', { name: 'Track' })).toBeVisible()
  await expect(choice('Off')).toBeFocused()
  await choice('Off').click()
  await expect(captions).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(captions).toBeHidden()
  await page.locator('media-settings-menu-button').click()
  await captions.click()
  await choice('German').click()
  await expect.poll(async () => (await readPlayerCues(page)).map(({ mode }) => mode)).toContain('showing')

  // A hand that is quicker than the menu comes and goes.
  for (const [name, afterMs] of [
    ['Off', 0],
    ['German', 50],
    ['English', 100],
  ] as const) {
    await expect(captions).toBeFocused()
    await captions.evaluate(chooseTrackAfter, { name, afterMs })
    await waitForMenuAnimations(page)
    await expect(captions).toBeFocused()
  }
})

/** Runs in the page: opens the entry's menu and presses one of its choices so soon after. */
async function chooseTrackAfter(entry: Element, { name, afterMs }: { name: string; afterMs: number }) {
  const press = (element: HTMLElement) => {
    element.focus()
    element.click()
  }
  press(entry as HTMLElement)
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  const choices = entry.querySelector('media-captions-menu')!.shadowRoot!
  for (const choice of choices.querySelectorAll<HTMLElement>('[role=menuitemradio]'))
    if (choice.textContent!.trim() === name) return press(choice)
}

const waitForMenuAnimations = (page: Page) =>
  page.locator('media-settings-menu').evaluate(async (menu) => {
    // What begins at the end of one is waited for as well.
    const moving = () => menu.getAnimations({ subtree: true })
    while (moving().length > 0) await Promise.allSettled(moving().map(({ finished }) => finished))
  })

test('words of a real speech are found where they are said @full', async ({ home: page, user }) => {
  const jfk = findSharedMedia('jfk.flac')
  test.skip(!jfk, 'there is no real speech here: ../shared/media/jfk.flac is absent')
  const file = path.join(dir, 'inauguration.mkv')
  const pictures =
    '-f lavfi -i testsrc2=s=640x360:r=25:d=11 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a copy'
  execFileSync('ffmpeg', ['-v', 'error', '-i', jfk!, ...pictures.split(' '), file])
  const video = await uploadVideo(user, file)
  await page.goto(`/videos/${video.id}`)
  const isSame = await trackReloads(page)
  await expect
    .poll(async () => (await readPlayerCues(page))[0]?.cues.length, { timeout: 60_000 })
    .toBeGreaterThan(2)
  const [hit] = await searchCaptions(user, 'what your country can do for you')
  // He says so from 5.3 to 7.6 s.
  expect(Math.abs(hit!.startSeconds - 5.3)).toBeLessThan(0.5)
  await isSame()
})

// Longer than usual: these tests share generated recordings, helpers and one app with transcription turned on.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import type { CaptionDto, CaptionHit, CuesDto } from '@/lib/captions/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { findSharedMedia } from '@/tests/support/shared-media'
import { ASK_NOT_SENTENCE, generateSpeech, MORNING_SUN_SENTENCE } from '@/tests/support/generate-speech'
import { expect, expectAccessible, trackReloads, type TestUser, loadPlayer, test } from './fixtures'

test.use({ env: { CAPTIONS: 'pocketsphinx', MACHINES: 'off' } })

const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-speech-'))

/** Returns the caption tracks of the player with their cues. */
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
  const url = `/api/v1/videos?filename=${path.basename(file)}`
  const response = await user.fetch(url, { method: 'POST', body: readFileSync(file) })
  return ((await response.json()) as { video: VideoDto }).video
}

const searchCaptions = async (user: TestUser, q: string) => {
  const response = await user.fetch(`/api/v1/captions/search?q=${encodeURIComponent(q)}`)
  return ((await response.json()) as { hits: CaptionHit[] }).hits
}

test('shows captions in an open page while they are generated, and finds them by search', async ({
  home: page,
  user,
}) => {
  const utterances = [
    { text: ASK_NOT_SENTENCE, atSeconds: 2 },
    { text: MORNING_SUN_SENTENCE, atSeconds: 40 },
  ]
  const file = await generateSpeech(path.join(dir, 'speech.mkv'), {
    utterances,
    seconds: 50,
    hasVideo: true,
  })
  const video = await uploadVideo(user, file)
  await page.goto(`/videos/${video.id}`)
  const expectNoReload = await trackReloads(page)
  expect(video.captions).toEqual([])
  // The first cues appear before transcription ends.
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
  // The selection applies and the menu returns to its previous level.
  await page.getByRole('menuitem', { name: 'Captions' }).click()
  await page.getByRole('menuitemradio', { name: 'English (automatic, low accuracy)' }).click()
  await expect.poll(async () => (await readPlayerCues(page))[0]?.mode).toBe('showing')
  await page.keyboard.press('Escape')
  expect(await searchCaptions(user, 'what your country')).toMatchObject([{ videoId: video.id }])
  await expectAccessible(page)
  await expectNoReload()
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

/** Uploads a video without speech and opens its page. */
async function openSilentVideo(page: Page, user: TestUser) {
  const file = path.join(dir, 'silent.mkv')
  await generateSpeech(file, { utterances: [], seconds: 12, hasVideo: true })
  const video = await uploadVideo(user, file)
  await page.goto(`/videos/${video.id}`)
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor({ timeout: 60_000 })
  await loadPlayer(page)
  return video
}

test('finds spoken words from any page, seeks to them, and edits their captions @full', async ({
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

  // In the transcript: a phrase across cues matches, and a row seeks to its cue.
  const find = page.getByRole('searchbox', { name: 'Search transcript' })
  await find.fill('what your country can do for you')
  await expect(page.getByText('1 of 1').first()).toBeVisible()
  await expect(page.locator('mark')).toHaveText(['what your country', 'can do for you'])
  // Once the server has responded, a row that contains a match seeks to it.
  const seekToMatch = async () => {
    await lines.nth(1).click()
    return readPlayerSeconds(page)
  }
  await expect.poll(seekToMatch).toBeCloseTo(5.7, 1)
  await find.fill('')
  await lines.nth(2).focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => readPlayerSeconds(page)).toBeCloseTo(6.5, 1)
  await expect(lines.nth(2)).toHaveAttribute('aria-current', 'true')

  // From any page.
  await page.goto('/')
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('what your country can do for you')
  const found = page.getByRole('option', { name: /ask not what your country can do for you/ })
  await expect(found.locator('mark')).toHaveText('what your country can do for you')
  await found.click()
  await expect.poll(() => readPlayerSeconds(page), { timeout: 30_000 }).toBeCloseTo(5.7, 1)
  await expect(lines.nth(1)).toHaveAttribute('aria-current', 'true')
  await page.goto('/videos?search=your+country+can')
  await page.getByRole('link', { name: /ask not what your country/ }).click()
  await expect.poll(() => readPlayerSeconds(page), { timeout: 30_000 }).toBeCloseTo(5.9, 1)

  // In the editor.
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
  const readCues = async () => {
    const { captions } = (await (await user.fetch(`/api/v1/videos/${video.id}/captions`)).json()) as {
      captions: CaptionDto[]
    }
    const sidecar = captions.find(({ source }) => source === 'sidecar')!
    return ((await (await user.fetch(sidecar.urls.cues)).json()) as CuesDto).cues
  }
  const EDITED = ['And so, my fellow Americans: <b>', 'Ask not', 'what your country can do for you']
  expect((await readCues()).map((cue) => cue.text)).toEqual(EDITED)
  expect((await readCues())[2]!.endSeconds).toBe(9.5)
  await page.reload()
  for (const line of EDITED) await expect(cues.getByText(line, { exact: true })).toBeVisible()

  // In two tabs: other changes merge, and the user resolves conflicts.
  const other = await page.context().newPage()
  await other.goto(page.url())
  const edit = async (tab: Page, from: string, to: string) => {
    await tab.getByRole('list', { name: 'Cues' }).getByText(from, { exact: true }).click()
    await tab.getByLabel('Cue text').fill(to)
  }
  await edit(other, 'Ask not', 'ASK NOT')
  await expect(cues.getByText('ASK NOT', { exact: true })).toBeVisible()
  await other.route('**/cues', (route) =>
    route.request().method() === 'PATCH' ? route.abort() : route.continue(),
  )
  await edit(other, EDITED[2]!, 'there')
  await expect(other.getByTestId('save-state')).toContainText('Not saved')
  await edit(page, EDITED[2]!, 'here')
  await expect(other.getByText(/also changed elsewhere/)).toBeVisible()
  await other.unroute('**/cues')
  await other.getByRole('button', { name: 'Keep mine' }).click()
  await expect(page.getByLabel('Cue text')).toHaveValue('there')
  await other.close()

  // Restores the imported version.
  await page.getByRole('button', { name: 'Versions' }).click()
  await expectAccessibleInAllThemes(page)
  await page.getByRole('button', { name: 'Restore this version' }).last().click()
  await expect.poll(async () => (await readCues()).map((cue) => cue.text)).toContain('can do for you')
  await expectAccessibleInAllThemes(page)
  await page.goto(`/videos/${video.id}`)
  await expect(lines).toHaveCount(3)
  await expectAccessibleInAllThemes(page)
})

/** Checks accessibility and horizontal overflow in light and dark, on a phone and on a desktop. */
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

test('keeps the captions menu open and its focus stable while tracks are added @full', async ({
  home: page,
  user,
}) => {
  const video = await openSilentVideo(page, user)
  const addTrack = (name: string) =>
    user.fetch(`/api/v1/videos/${video.id}/captions/files?filename=${name}`, {
      method: 'POST',
      body: SPEECH_SRT,
    })
  await addTrack('silent.en.srt')
  // An open menu would not show it.
  await expect.poll(async () => (await readPlayerCues(page)).length).toBe(1)
  const captions = page.getByRole('menuitem', { name: 'Captions' })
  const menuOption = (name: string) => page.getByRole('menuitemradio', { name, exact: true })
  await page.locator('media-settings-menu-button').click()
  await captions.click()
  await expect(menuOption('Off')).toBeFocused()

  // A track that is added while the menu is open appears after it closes.
  await addTrack('silent.de.srt')
  await expect(page.getByRole('combobox', { name: 'Track' })).toBeVisible()
  await expect(menuOption('Off')).toBeFocused()
  await menuOption('Off').click()
  await expect(captions).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(captions).toBeHidden()
  await page.locator('media-settings-menu-button').click()
  await captions.click()
  await menuOption('German').click()
  await expect.poll(async () => (await readPlayerCues(page)).map(({ mode }) => mode)).toContain('showing')

  // Choosing before the menu's animation ends.
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

/** Runs in the page: opens the submenu and selects one of its options after `afterMs`. */
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
    // Animations may start when others end.
    const moving = () => menu.getAnimations({ subtree: true })
    while (moving().length > 0) await Promise.allSettled(moving().map(({ finished }) => finished))
  })

test('finds words of a real speech at their time @full', async ({ home: page, user }) => {
  const jfk = findSharedMedia('jfk.flac')
  test.skip(!jfk, 'no recording of a real speech: ../shared/media/jfk.flac is missing')
  const file = path.join(dir, 'inauguration.mkv')
  const videoArgs =
    '-f lavfi -i testsrc2=s=640x360:r=25:d=11 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a copy'
  execFileSync('ffmpeg', ['-v', 'error', '-i', jfk!, ...videoArgs.split(' '), file])
  const video = await uploadVideo(user, file)
  await page.goto(`/videos/${video.id}`)
  const expectNoReload = await trackReloads(page)
  // Of the speech, PocketSphinx recognizes only the end: from 8.9 s to 10.5 s.
  const search = () => searchCaptions(user, 'you can do for your country')
  await expect.poll(async () => (await search()).length, { timeout: 60_000 }).toBe(1)
  const [hit] = await search()
  expect(Math.abs(hit!.phraseSeconds - 8.9)).toBeLessThan(0.5)
  await expect.poll(async () => (await readPlayerCues(page))[0]?.cues.at(-1)?.text).toContain(hit!.text)
  await expectNoReload()
})

// Over 200 lines because the tests share one app with transcription, and recordings.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import type { CaptionDto } from '@/lib/captions/schema'
import { ASK_NOT_SENTENCE, generateSpeech, MORNING_SUN_SENTENCE } from '@/tests/support/generate-speech'
import { dropFiles, expect, loadPlayer, type TestUser, test, selectedOption } from './fixtures'

test.use({ env: { CAPTIONS: 'pocketsphinx', MACHINES: 'off' } })

const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-tracks-'))
const TRANSCRIBED_TRACK = 'English (automatic, low accuracy)'

const writeSubtitleFile = (name: string, lines: string[]) => {
  const file = path.join(dir, name)
  writeFileSync(file, lines.join('\n'))
  return file
}
const GERMAN_SRT = [
  '1',
  '00:00:01,000 --> 00:00:03,000',
  'Fragt nicht',
  '',
  '2',
  '00:00:04,000 --> 00:00:03,000',
  'rückwärts',
  '',
  '3',
  '00:00:05,000 --> 00:00:07,000',
  'Morgensonne',
]

/** Returns the caption tracks in the player's menu. */
const playerTracks = (page: Page) =>
  page.locator('hls-video video').evaluate((video: HTMLVideoElement) =>
    [...video.textTracks]
      .filter(({ kind }) => kind === 'subtitles')
      .map(({ label }) => label)
      .toSorted(),
  )

async function fetchTracks(user: TestUser, videoId: string) {
  const response = await user.fetch(`/api/v1/videos/${videoId}/captions`)
  return ((await response.json()) as { captions: CaptionDto[] }).captions
}

async function showTrack(page: Page, track: string) {
  await page.getByRole('combobox', { name: 'Track' }).click()
  await page.getByRole('option', { name: track, exact: true }).click()
}

async function chooseTrackAction(page: Page, action: string) {
  await page.getByRole('button', { name: 'Caption options' }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

test('imports, transcribes, renames, deletes, edits and regenerates caption tracks @full', async ({
  home: page,
  user,
}) => {
  const utterances = [
    { text: ASK_NOT_SENTENCE, atSeconds: 1 },
    { text: MORNING_SUN_SENTENCE, atSeconds: 5 },
  ]
  const talk = await generateSpeech(path.join(dir, 'talk.mkv'), {
    utterances,
    seconds: 9,
    hasVideo: true,
  })
  const lines = page.getByRole('list', { name: 'Transcript' }).getByRole('button')
  const track = selectedOption(page, 'Track')

  await test.step('imports a subtitle file dropped with its video, or later on its page', async () => {
    await dropFiles(page, [talk, writeSubtitleFile('talk.de.forced.srt', GERMAN_SRT)])
    await expect(page.getByText('Imported as German: 2 cues. 1 problem, on line 6.')).toBeVisible()
    await page.getByRole('link', { name: 'View progress' }).click()
    await expect(page.getByRole('region', { name: 'Captions' })).toBeVisible()
    await dropFiles(page, [
      writeSubtitleFile('notes.fr.vtt', ['WEBVTT', '00:01.000 --> 00:03.000', 'Ne demandez pas']),
    ])
    await expect(page.getByText('notes.fr.vtt: Imported as French: 1 cue.')).toBeVisible()
    await expect(lines).toHaveText([/Fragt nicht/, /Morgensonne/])
    await expect(track).toHaveText('German')
    await showTrack(page, TRANSCRIBED_TRACK)
    await expect(lines).toHaveText([/what your country can do for you/, new RegExp(MORNING_SUN_SENTENCE)])
    await expect.poll(() => playerTracks(page)).toHaveLength(3)
  })
  const videoId = /[\da-f-]{36}/.exec(page.url())![0]

  await test.step('renames a track', async () => {
    await showTrack(page, 'French')
    await chooseTrackAction(page, 'Name and language')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Track language' }).click()
    await page.getByRole('option', { name: 'Italian' }).click()
    await dialog.getByLabel('Name', { exact: true }).fill('Notes <b>')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(track).toHaveText('Notes <b>')
    await expect.poll(() => playerTracks(page)).toEqual([TRANSCRIBED_TRACK, 'German', 'Notes <b>'])
    expect(await fetchTracks(user, videoId)).toContainEqual(
      expect.objectContaining({ language: 'it', label: 'Notes <b>' }),
    )
  })

  await test.step('deletes a track, and restores one', async () => {
    await chooseTrackAction(page, 'Delete track')
    await expect(page.getByText('Deleted “Notes <b>”')).toBeVisible()
    await expect(track).toHaveText('German')
    await page.getByRole('button', { name: 'Undo' }).click()
    await showTrack(page, 'Notes <b>')
    await chooseTrackAction(page, 'Delete track')
    // Leaving the page ends the undo period.
    await page.reload()
    await loadPlayer(page)
    await expect.poll(async () => (await fetchTracks(user, videoId)).length).toBe(2)
    await expect.poll(() => playerTracks(page)).toHaveLength(2)
  })

  await test.step('disables what the engine does not support', async () => {
    await page.getByRole('button', { name: 'Caption options' }).click()
    for (const name of ['Generate captions in another language', 'Translate to English'])
      await expect(page.getByRole('menuitem', { name })).toBeDisabled()
    await expect(page.getByText(/supports English only and cannot translate/)).toBeVisible()
    await page.keyboard.press('Escape')
    await user.fetch(`/api/v1/videos/${videoId}/captions`, { method: 'POST', body: '{"translate":true}' })
    await showTrack(page, 'English (translated)')
    await expect(
      page.getByRole('region', { name: 'Captions' }).getByText('PocketSphinx cannot translate.'),
    ).toBeVisible()
  })

  await showTrack(page, TRANSCRIBED_TRACK)
  await page.getByRole('link', { name: 'Edit captions' }).click()
  const cues = page.getByRole('list', { name: 'Cues' })
  const text = page.getByLabel('Cue text')
  const expectSaved = () => expect(page.getByTestId('save-state')).toHaveText('Saved')
  const readRevision = async () =>
    (await fetchTracks(user, videoId)).find(({ label }) => label === TRANSCRIBED_TRACK)!.revision

  await test.step('saves, undoes and redoes an edit', async () => {
    await expect(cues.getByTitle('Low confidence').first()).toBeVisible()
    await cues.getByText(MORNING_SUN_SENTENCE).click()
    await text.fill('We are happy.')
    await expect.poll(readRevision).toBe(1)
    await page.keyboard.press('ControlOrMeta+z')
    await expect(text).toHaveValue(MORNING_SUN_SENTENCE)
    await expect.poll(readRevision).toBe(2)
    await page.keyboard.press('ControlOrMeta+Shift+z')
    await expect(text).toHaveValue('We are happy.')
    await expectSaved()
    await page.getByRole('button', { name: 'Versions' }).click()
    await expect(page.getByRole('dialog').getByText('3 changes · 3 cues')).toBeVisible()
    await page.keyboard.press('Escape')
  })

  await test.step('selects the current match when the search closes', async () => {
    await page.keyboard.press('ControlOrMeta+f')
    const find = page.getByLabel('Find', { exact: true })
    await find.fill('-')
    await expect(page.getByRole('status').getByText('No results')).toBeVisible()
    await find.fill('country')
    await expect(cues.locator('mark')).toHaveText('country')
    await find.press('Escape')
    await expect(text).toHaveValue(/what your country can do for you/)
    await expect(text).toBeFocused()
  })

  await test.step('keeps an edit after a new transcription and offers the new text', async () => {
    await user.fetch(`/api/v1/videos/${videoId}/captions`, { method: 'POST', body: '{"language":"en"}' })
    await expect(page.getByText(/new transcription differs in 1 cue that you edited/)).toBeVisible({
      timeout: 30_000,
    })
    await page.getByRole('button', { name: 'Review' }).click()
    await expect(text).toHaveValue('We are happy.')
    await expect(page.getByText(`New transcription: “${MORNING_SUN_SENTENCE}”`)).toBeVisible()
    await page.getByRole('button', { name: 'Use this' }).click()
    await expect(text).toHaveValue(MORNING_SUN_SENTENCE)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(text).toHaveValue('We are happy.')
    await page.getByRole('button', { name: 'Keep mine' }).click()
    await expect(page.getByText(/new transcription differs/)).toBeHidden()
    await expectSaved()
    await page.reload()
    await expect(cues.getByText('We are happy.')).toBeVisible()
    await expect(page.getByText(/new transcription differs/)).toBeHidden()
  })

  await test.step('saves what is typed during a save when the user navigates away', async () => {
    let release = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    await page.route('**/cues', async (route) => {
      if (route.request().method() === 'PATCH') await released
      await route.continue()
    })
    await cues.getByText('We are happy.').click()
    const firstSave = page.waitForRequest((request) => request.method() === 'PATCH')
    await text.fill('We are')
    await firstSave
    await text.fill('We are glad.')
    await page.getByRole('link', { name: 'Videos' }).first().click()
    await page.waitForURL('/videos')
    release()
    const { id } = (await fetchTracks(user, videoId)).find(({ label }) => label === TRANSCRIBED_TRACK)!
    const readCues = async () => (await user.fetch(`/api/v1/captions/${id}/cues`)).text()
    await expect.poll(readCues).toContain('We are glad.')
  })
})

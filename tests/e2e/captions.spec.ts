import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import type { CaptionHit } from '@/lib/captions/contract'
import type { VideoDto } from '@/lib/videos/contract'
import { sharedMedia } from '@/tests/support/shared-media'
import { ASK, makeSpeech, SUN } from '@/tests/support/speech'
import { expect, expectAccessible, expectNoReload, type Person, test } from './house'

test.use({ env: { CAPTIONS: 'pocketsphinx', MACHINES: 'off' } })

const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-speech-'))

/** What the player has to show now, track by track. */
const shownCues = (page: Page) =>
  page.locator('hls-video video').evaluate((video: HTMLVideoElement) =>
    [...video.textTracks]
      .filter((track) => track.kind === 'subtitles')
      .map((track) => ({
        label: track.label,
        mode: track.mode,
        cues: [...(track.cues ?? [])].map((cue) => ({ at: cue.startTime, text: (cue as VTTCue).text })),
      })),
  )

async function upload(person: Person, file: string) {
  const at = `/api/v1/videos?filename=${path.basename(file)}`
  const answer = await person.ask(at, { method: 'POST', body: readFileSync(file) })
  return ((await answer.json()) as { video: VideoDto }).video
}

const search = async (person: Person, q: string) => {
  const answer = await person.ask(`/api/v1/captions/search?q=${encodeURIComponent(q)}`)
  return ((await answer.json()) as { hits: CaptionHit[] }).hits
}

test('captions appear in an open page while they are made, and are found', async ({ home: page, person }) => {
  const said = [
    { text: ASK, atSeconds: 2 },
    { text: SUN, atSeconds: 40 },
  ]
  const file = await makeSpeech(path.join(dir, 'speech.mkv'), { said, seconds: 50, pictures: true })
  const video = await upload(person, file)
  await page.goto(`/videos/${video.id}`)
  const isSame = await expectNoReload(page)
  expect(video.captions).toEqual([])
  // The first words are here before the last are heard.
  await expect
    .poll(async () => (await shownCues(page))[0]?.cues.length, { timeout: 60_000 })
    .toBeGreaterThan(0)
  await expect
    .poll(async () => (await shownCues(page))[0]?.cues.map((cue) => cue.text), { timeout: 30_000 })
    .toEqual([expect.stringContaining('what your country can do for you'), SUN])
  const [track] = await shownCues(page)
  expect(track).toMatchObject({ label: 'English (automatic, rough)', mode: 'showing' })
  expect(Math.abs(track!.cues[1]!.at - 40)).toBeLessThan(0.5)

  await page.locator('media-settings-menu-button').click()
  await page.getByRole('menuitem', { name: 'Captions' }).click()
  await page.getByRole('menuitemradio', { name: 'Off' }).click()
  await expect.poll(async () => (await shownCues(page))[0]?.mode).toBe('disabled')
  // The choice is taken, and the menu is where it was before.
  await page.getByRole('menuitem', { name: 'Captions' }).click()
  await page.getByRole('menuitemradio', { name: 'English (automatic, rough)' }).click()
  await expect.poll(async () => (await shownCues(page))[0]?.mode).toBe('showing')
  await page.keyboard.press('Escape')
  expect(await search(person, 'what your country')).toMatchObject([{ videoId: video.id }])
  await expectAccessible(page)
  await isSame()
})

test('words of a real speech are found where they are said @full', async ({ home: page, person }) => {
  const jfk = sharedMedia('jfk.flac')
  test.skip(!jfk, 'there is no real speech here: ../shared/media/jfk.flac is absent')
  const file = path.join(dir, 'inauguration.mkv')
  const pictures =
    '-f lavfi -i testsrc2=s=640x360:r=25:d=11 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a copy'
  execFileSync('ffmpeg', ['-v', 'error', '-i', jfk!, ...pictures.split(' '), file])
  const video = await upload(person, file)
  await page.goto(`/videos/${video.id}`)
  const isSame = await expectNoReload(page)
  await expect
    .poll(async () => (await shownCues(page))[0]?.cues.length, { timeout: 60_000 })
    .toBeGreaterThan(2)
  const [hit] = await search(person, 'what your country can do for you')
  // He says so from 5.3 to 7.6 s.
  expect(Math.abs(hit!.startSeconds - 5.3)).toBeLessThan(0.5)
  await isSame()
})

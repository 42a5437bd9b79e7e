import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import type { VideoDto } from '@/lib/videos/schema'
import { findRecognizers } from '@/tests/support/find-recognizer'
import { ASK_NOT_SENTENCE, generateSpeech } from '@/tests/support/generate-speech'
import { findSharedMedia } from '@/tests/support/shared-media'
import { findSpeechModels, installSpeechModels } from '@/tests/support/speech-model'
import { expect, openPage, test, trackReloads } from './fixtures'

test.use({ env: { CAPTIONS: 'auto', MODEL_HUB: 'http://127.0.0.1:9', MACHINES: 'off' } })

const PHRASE = 'what your country can do for you'
/** When the phrase begins, more or less, in the recorded speech and in the synthetic one. */
const PHRASE_SECONDS = { recorded: 5.3, synthetic: 0.8 }
/** Each in an audio chunk of its own. */
const SPEECH_STARTS = [1, 33, 65, 97, 129, 161]

/** Generates a video in which a speech is repeated. Returns it with the times of the phrase. */
async function generateVideo(dir: string) {
  const recording = findSharedMedia('jfk.flac')
  const utterances = [{ text: ASK_NOT_SENTENCE, atSeconds: 0.5 }]
  const speech =
    recording ?? (await generateSpeech(path.join(dir, 'speech.flac'), { utterances, seconds: 5 }))
  const copies = SPEECH_STARTS.map((start, n) => `[s${n}]adelay=${start * 1000}:all=1[d${n}]`)
  const graph = [
    `[1:a]aresample=16000,aformat=channel_layouts=mono,asplit=${copies.length}${SPEECH_STARTS.map((_, n) => `[s${n}]`).join('')}`,
    ...copies,
    `${SPEECH_STARTS.map((_, n) => `[d${n}]`).join('')}amix=inputs=${copies.length}:normalize=0,apad[speech]`,
  ]
  const file = path.join(dir, 'talk.mkv')
  execFileSync('ffmpeg', [
    ...'-v error -f lavfi -i testsrc2=s=320x180:r=12:d=180 -i'.split(' '),
    speech,
    '-filter_complex',
    graph.join(';'),
    ...'-map 0:v -map [speech] -t 180 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 24 -c:a flac'.split(
      ' ',
    ),
    file,
  ])
  const offset = recording ? PHRASE_SECONDS.recorded : PHRASE_SECONDS.synthetic
  return { file, phraseSeconds: SPEECH_STARTS.map((start) => start + offset) }
}

const readPlayerSeconds = (page: Page) =>
  page.locator('hls-video video').evaluate((video: HTMLVideoElement) => video.currentTime)

test('shows what a real model recognizes while it runs, though it is killed, and jumps to words that are searched @full', async ({
  home: page,
  user,
  app,
}, testInfo) => {
  test.skip(!findSpeechModels(), 'no speech model for tests: run node scripts/dev/test-model.mjs')
  installSpeechModels(app.dataDir)
  const { file, phraseSeconds } = await generateVideo(testInfo.outputPath())
  const response = await user.fetch('/api/v1/videos?filename=talk.mkv', {
    method: 'POST',
    body: readFileSync(file),
  })
  const { video } = (await response.json()) as { video: VideoDto }
  expect(video.captions).toEqual([])
  await page.goto(`/videos/${video.id}`)
  const expectNoReload = await trackReloads(page)
  const phrases = page.getByRole('list', { name: 'Transcript' }).getByText(/your country can do/i)

  await expect.poll(() => phrases.count(), { timeout: 60_000, intervals: [20] }).toBeGreaterThan(0)
  const recognizers = findRecognizers(path.join(app.dataDir, 'scratch'))
  for (const pid of recognizers) process.kill(pid, 'SIGKILL')
  expect(recognizers).not.toEqual([])
  expect(await phrases.count()).toBeLessThan(SPEECH_STARTS.length)
  await expect(phrases).toHaveCount(SPEECH_STARTS.length, { timeout: 60_000 })
  await expect(page.getByTestId('caption-state')).toBeHidden({ timeout: 30_000 })
  await expectNoReload()

  await openPage(page, '/')
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type(PHRASE)
  const hits = page.getByRole('option', { name: /your country can do for you/i })
  await expect(hits).toHaveCount(SPEECH_STARTS.length)
  await hits.nth(3).click()
  await expect(page).toHaveURL(`/videos/${video.id}`)
  const wanted = phraseSeconds[3]!
  await expect
    .poll(async () => Math.abs((await readPlayerSeconds(page)) - wanted), { timeout: 30_000 })
    .toBeLessThan(0.7)
})

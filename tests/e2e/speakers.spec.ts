import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import type { VideoDto } from '@/lib/videos/schema'
import { generateMedia } from '@/tests/support/generate-media'
import { generateSpeech } from '@/tests/support/generate-speech'
import { findSpeechModels, installSpeechModels } from '@/tests/support/speech-model'
import { expect, type TestUser, test } from './fixtures'

test.use({ env: { CAPTIONS: 'auto', MODEL_HUB: 'http://127.0.0.1:9', MACHINES: 'off' } })

const VOICES = [
  'WEBVTT',
  '',
  '00:00.000 --> 00:01.000',
  '<v Speaker 1>Good morning.',
  '',
  '00:01.000 --> 00:02.000',
  '<v Speaker 2>Hello.',
  '',
  '00:02.000 --> 00:03.000',
  '<v Speaker 2>How are you?',
  '',
  '00:03.000 --> 00:04.000',
  '<v Speaker 1>Fine.',
  '',
]

async function uploadVideo(user: TestUser, file: string) {
  const response = await user.fetch(`/api/v1/videos?filename=${path.basename(file)}`, {
    method: 'POST',
    body: readFileSync(file),
  })
  return ((await response.json()) as { video: VideoDto }).video
}

const transcript = (page: Page) => page.getByRole('list', { name: 'Transcript' })
const speakers = (page: Page) => transcript(page).getByTitle('Rename speaker').allTextContents()

async function renameSpeaker(page: Page, from: string, to: string) {
  await transcript(page).getByRole('button', { name: from, exact: true }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Rename speaker' })
  await dialog.getByRole('combobox', { name: 'Speaker name' }).fill(to)
  await dialog.getByRole('button', { name: 'Rename' }).click()
}

test('shows the speakers of imported captions, and renames each once for all its cues @full', async ({
  home: page,
  user,
}, testInfo) => {
  const video = await uploadVideo(user, await generateMedia('web-safe.mp4'))
  const file = testInfo.outputPath('talk.en.vtt')
  writeFileSync(file, VOICES.join('\n'))
  const added = await user.fetch(`/api/v1/videos/${video.id}/captions/files?filename=talk.en.vtt`, {
    method: 'POST',
    body: readFileSync(file),
  })
  const { caption } = (await added.json()) as { caption: { id: string } }
  await page.goto(`/videos/${video.id}`)
  await expect.poll(() => speakers(page)).toEqual(['Speaker 1', 'Speaker 2', 'Speaker 1'])
  await renameSpeaker(page, 'Speaker 1', 'Ada')
  await expect.poll(() => speakers(page)).toEqual(['Ada', 'Speaker 2', 'Ada'])

  await page.goto(`/videos/${video.id}/captions/${caption.id}`)
  await page.getByRole('button', { name: 'How are you?' }).click()
  await page.getByRole('combobox', { name: 'Speaker' }).fill('Ben')
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await page.goto(`/videos/${video.id}`)
  await expect.poll(() => speakers(page)).toEqual(['Ada', 'Speaker 2', 'Ben', 'Ada'])
  await renameSpeaker(page, 'Speaker 2', 'Ben')
  await expect.poll(() => speakers(page)).toEqual(['Ada', 'Ben', 'Ada'])
  const exported = await user.fetch(`/api/v1/captions/${caption.id}/export?format=srt`)
  expect(await exported.text()).toMatch(
    /Ada: Good morning\.[^]*Ben: Hello\.[^]*\nHow are you\?[^]*Ada: Fine\./,
  )
})

test('names the speakers of a video on request @full', async ({ home: page, user, app }, testInfo) => {
  test.skip(!findSpeechModels(), 'no speech model for tests: run node scripts/dev/test-model.mjs')
  installSpeechModels(app.dataDir)
  const utterances = [
    { voice: 'slt', atSeconds: 1, text: 'good morning and welcome to our programme about the weather' },
    { voice: 'rms', atSeconds: 6, text: 'thank you very much the sea was calm last week' },
    { voice: 'slt', atSeconds: 11, text: 'that sounds pleasant did you see any ships while sailing' },
  ] as const
  const talk = { utterances, seconds: 16, hasVideo: true }
  const video = await uploadVideo(user, await generateSpeech(testInfo.outputPath('talk.mkv'), talk))
  await page.goto(`/videos/${video.id}`)
  await expect(transcript(page)).toBeVisible({ timeout: 60_000 })
  await expect(page.getByTestId('caption-state')).toBeHidden({ timeout: 60_000 })
  expect(await speakers(page)).toEqual([])
  await page.getByRole('button', { name: 'Caption options' }).click()
  await page.getByRole('menuitem', { name: 'Identify speakers' }).click()
  await expect
    .poll(() => speakers(page), { timeout: 90_000 })
    .toEqual(['Speaker 1', 'Speaker 2', 'Speaker 1'])
})

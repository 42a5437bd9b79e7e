import { readFileSync } from 'node:fs'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { ASK_NOT_SENTENCE, generateSpeech } from '@/tests/support/generate-speech'
import { expect, expectAccessible, test } from './fixtures'

// A server without a speech model and without internet access.
test.use({ env: { CAPTIONS: 'auto', MODEL_HUB: 'http://127.0.0.1:9', MACHINES: 'off' } })

test('says why captions are off, and fails nothing @full', async ({ home: page, user }, testInfo) => {
  const file = await generateSpeech(testInfo.outputPath('speech.mkv'), {
    utterances: [{ text: ASK_NOT_SENTENCE, atSeconds: 1 }],
    seconds: 6,
    hasVideo: true,
  })
  const url = '/api/v1/videos?filename=speech.mkv'
  const response = await user.fetch(url, { method: 'POST', body: readFileSync(file) })
  const { video } = (await response.json()) as { video: VideoDto }
  await page.goto(`/videos/${video.id}`)
  const captions = page.getByRole('region', { name: 'Captions' })
  await expect(captions).toContainText(/Captions are off: the speech model base is not on this server/, {
    timeout: 60_000,
  })
  const entry = page.getByRole('link', { name: 'Captions are off' })
  await expect(entry).toContainText('Skipped')
  await expect(entry.getByRole('img', { name: 'Skipped' })).toBeVisible()
  await expect(page.getByText('Generating captions')).toBeHidden()
  await expectAccessible(page)

  await expect
    .poll(
      async () => {
        const list = await user.fetch(`/api/v1/tasks?videoId=${video.id}`)
        const { tasks } = (await list.json()) as { tasks: TaskDto[] }
        return [...new Set(tasks.map(({ state }) => state))]
      },
      { timeout: 60_000 },
    )
    .toEqual(['done'])
})

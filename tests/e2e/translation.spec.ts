import { readFileSync } from 'node:fs'
import type { VideoDto } from '@/lib/videos/schema'
import { generateMedia } from '@/tests/support/generate-media'
import { startTranslationServer, translate } from '@/tests/support/translation-server'
import { expect, expectAccessible, test as base, selectedOption } from './fixtures'

type Service = Awaited<ReturnType<typeof startTranslationServer>>

const test = base.extend<object, { service: Service }>({
  service: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const service = await startTranslationServer()
      await use(service)
      await service.stop()
    },
    { scope: 'worker' },
  ],
  env: [
    async ({ service }, use) => use({ MACHINES: 'off', TRANSLATION_URL: service.url }),
    { scope: 'worker' },
  ],
})

const CUES = 60
const SUBTITLES = [
  'WEBVTT',
  ...Array.from({ length: CUES }, (_, n) => {
    const second = `00:${String(n).padStart(2, '0')}`
    return `\n${second}.000 --> ${second}.900\nLine ${n}`
  }),
].join('\n')

test('translates captions by the configured service, as chosen in a dialog, and can be canceled in the middle @full', async ({
  home: page,
  user,
  service,
}) => {
  const upload = await user.fetch('/api/v1/videos?filename=talk.mp4', {
    method: 'POST',
    body: readFileSync(await generateMedia('web-safe.mp4')),
  })
  const { video } = (await upload.json()) as { video: VideoDto }
  const files = `/api/v1/videos/${video.id}/captions/files?filename=talk.en.vtt`
  await user.fetch(files, { method: 'POST', body: SUBTITLES })
  await page.goto(`/videos/${video.id}`)
  const lines = page.getByRole('list', { name: 'Transcript' }).getByRole('button')
  await expect(lines).toHaveCount(CUES)

  // The second batch waits until the request ends.
  let hasEnded = false
  service.answer = (body, response) => {
    if (service.requests.length === 1) return translate(body, response)
    response.on('close', () => (hasEnded = true))
  }
  await page.getByRole('button', { name: 'Caption options' }).click()
  await page.getByRole('menuitem', { name: 'Translate to another language' }).click()
  const dialog = page.getByRole('dialog', { name: 'Translate captions' })
  await dialog.getByRole('combobox', { name: 'Translate to' }).click()
  await page.getByRole('option', { name: 'German', exact: true }).click()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Translate' }).click()
  await expect(selectedOption(page, 'Track')).toHaveText('German (translated)')
  // What is translated is shown while the rest is not.
  await expect(lines).toHaveText(Array.from({ length: 25 }, (_, n) => new RegExp(`de: Line ${n}$`)))
  await page.getByRole('button', { name: 'Cancel captions' }).click()
  await expect(page.getByText('Canceled. Captions generated so far are kept.')).toBeVisible()
  await expect.poll(() => hasEnded).toBe(true)
  await expect(lines).toHaveCount(25)

  service.answer = translate
  await page.getByRole('button', { name: 'Retry captions' }).click()
  await expect(lines).toHaveCount(CUES)
  await expect(page.getByTestId('caption-state')).toBeHidden()
  await expect(lines.last()).toHaveText(/de: Line 59/)
  expect(service.requests[0]).toMatchObject({ source: 'en', target: 'de' })
})

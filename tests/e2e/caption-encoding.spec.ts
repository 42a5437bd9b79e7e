import { readFileSync } from 'node:fs'
import { generateMedia } from '@/tests/support/generate-media'
import type { VideoDto } from '@/lib/videos/schema'
import { expect, expectAccessible, test } from './fixtures'

// Yes, in Windows-1251.
const RUSSIAN_SRT = Buffer.from('1\n00:00:00,000 --> 00:00:01,000\n\xC4\xE0.\n', 'latin1')

test('lets the user choose the encoding of a subtitle file if it is not certain @full', async ({
  home: page,
  user,
}) => {
  const { video } = await user.fetchJson<{ video: VideoDto }>('/api/v1/videos?filename=film.mp4', {
    method: 'POST',
    body: readFileSync(await generateMedia('web-safe.mp4')),
  })
  await page.goto(`/videos/${video.id}`)
  await page
    .getByTestId('subtitle-input')
    .setInputFiles({ name: 'film.srt', mimeType: '', buffer: RUSSIAN_SRT })
  const choice = page.getByRole('dialog', { name: 'Which one reads correctly?' })
  await expect(choice.getByRole('list', { name: 'Encodings' })).toContainText('дЮ.koi8-r')
  await expectAccessible(page)
  await choice.getByRole('button', { name: 'Да. windows-1251' }).click()
  await expect(choice).toBeHidden()
  await expect(page.getByRole('list', { name: 'Transcript' })).toContainText('Да.')
})

import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { VideoDetailsDto } from '@/lib/videos/schema'
import { generateChapterFile } from '@/tests/support/generate-chapters'
import { generateMedia } from '@/tests/support/generate-media'
import { expect, expectAccessible, loadPlayer, test } from './fixtures'

test('shows the chapters, metadata and cover of a video, and seeks to chapters @full', async ({
  home: page,
  user,
}) => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'meanwhile-chapters-')), 'book.mp4')
  await generateChapterFile(file, {
    hasVideo: true,
    cover: true,
    tags: { title: 'The harbour', artist: 'Ada', date: '2024-02-29', comment: 'Line 1\nLine 2' },
    chapters: [
      { startSeconds: 0, title: 'Intro' },
      { startSeconds: 2, title: 'A & <b>' },
      { startSeconds: 4, title: 'End' },
    ],
  })
  const body = readFileSync(file)
  const url = '/api/v1/videos?filename=book.mp4'
  const { video } = await user.fetchJson<{ video: VideoDetailsDto }>(url, { method: 'POST', body })
  expect(video.chapters).toEqual([])

  // Opened before the inspection: the chapters arrive later.
  await page.goto(`/videos/${video.id}`)
  const list = page.getByRole('list', { name: 'Chapters' })
  await expect(list.getByRole('button')).toHaveText(['0:00Intro', '0:02A & <b>', '0:04End'])
  await expect(page.getByRole('definition').filter({ hasText: 'Feb 29, 2024' })).toBeVisible()
  await expect(page.getByText('Line 1')).toBeVisible()
  await expect(page.getByTestId('video-state')).toHaveText('Done', { timeout: 60_000 })
  // The whole player, also one that was opened later, has the native track.
  await page.reload()
  await loadPlayer(page)
  const seekBar = page.locator('media-time-range')
  await expect
    .poll(() => seekBar.evaluate((bar) => bar.shadowRoot!.querySelectorAll('#segments-clipping rect').length))
    .toBe(3)
  const title = page.getByTestId('current-chapter')
  await expect(title).toHaveText('Intro')
  await expectAccessible(page)

  await list.getByRole('button', { name: 'A & <b>' }).click()
  const readTime = () =>
    page.locator('hls-video video').evaluate((media: HTMLVideoElement) => media.currentTime)
  await expect.poll(readTime).toBeCloseTo(2, 1)
  await expect(title).toHaveText('A & <b>')
  await expect(list.locator('[aria-current]')).toHaveText('0:02A & <b>')

  await page.locator('media-play-button').focus()
  await page.keyboard.press('Shift+ArrowRight')
  await expect.poll(readTime).toBeCloseTo(4, 1)
  await expect(title).toHaveText('End')
  await page.keyboard.press('Shift+ArrowLeft')
  await expect.poll(readTime).toBeLessThan(2.5)
  await seekBar.hover()
  await expect(seekBar.locator('> media-preview-chapter-display')).toHaveText(/Intro|A & <b>|End/)

  const finished = await user.fetchJson<VideoDetailsDto>(`/api/v1/videos/${video.id}`)
  expect(finished).toMatchObject({
    title: 'book',
    hasCover: true,
    chapters: [{ title: 'Intro' }, { startSeconds: 2, endSeconds: 4 }, { title: 'End' }],
    metadata: { title: 'The harbour', album: null, description: 'Line 1\nLine 2' },
  })
  const vtt = await (await user.fetch(finished.urls.chapters)).text()
  expect(vtt).toContain('00:00:02.000 --> 00:00:04.000\nA &amp; &lt;b&gt;\n')
})

test('edits chapters, which the seek bar then shows @full', async ({ home: page, user }) => {
  const body = new Uint8Array(readFileSync(await generateMedia('web-safe.mp4')))
  const url = '/api/v1/videos?filename=film.mp4'
  const { video } = await user.fetchJson<{ video: VideoDetailsDto }>(url, { method: 'POST', body })
  await expect
    .poll(async () => (await user.fetchJson<VideoDetailsDto>(`/api/v1/videos/${video.id}`)).state)
    .toBe('done')
  await page.goto(`/videos/${video.id}?t=3`)
  await expect(page.locator('media-play-button')).toBeVisible()
  await page.getByRole('button', { name: 'Add chapters' }).click()
  const dialog = page.getByRole('dialog', { name: 'Chapters' })
  await dialog.getByLabel('Title of chapter 1').fill('Intro')
  await dialog.getByRole('button', { name: 'Add chapter at 0:03' }).click()
  await dialog.getByLabel('Title of chapter 2').fill('The harbour')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Save' }).click()

  const list = page.getByRole('list', { name: 'Chapters' })
  await expect(list.getByRole('button')).toHaveText(['0:00Intro', '0:03The harbour'])
  const countSegments = (bar: Element) => bar.shadowRoot!.querySelectorAll('#segments-clipping rect').length
  await expect.poll(() => page.locator('media-time-range').evaluate(countSegments)).toBe(2)
  await expect(page.getByTestId('current-chapter')).toHaveText('The harbour')

  // What is refused stays in the form.
  await page.getByRole('button', { name: 'Edit chapters' }).click()
  await dialog.getByLabel('Start of chapter 1').fill('0:03')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Two chapters cannot start at the same time.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Remove chapter 1' }).click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(list.getByRole('button')).toHaveText(['0:03The harbour'])
})

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from '@playwright/test'
import type { ShareDto } from '@/lib/shares/schema'
import type { VideoDetailsDto } from '@/lib/videos/schema'
import { generateMedia } from '@/tests/support/generate-media'
import { expect, expectAccessible, loadPlayer, test, type TestUser } from './fixtures'

const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-thumbnails-'))

function createPicture(name: string) {
  const file = path.join(dir, name)
  execFileSync('ffmpeg', `-v error -y -f lavfi -i color=red:s=640x360 -frames:v 1 ${file}`.split(' '))
  return file
}

async function uploadFilm(user: TestUser) {
  const body = new Uint8Array(readFileSync(await generateMedia('brightening.mp4')))
  const url = '/api/v1/videos?filename=film.mp4'
  const { video } = await user.fetchJson<{ video: VideoDetailsDto }>(url, { method: 'POST', body })
  const read = () => user.fetchJson<VideoDetailsDto>(`/api/v1/videos/${video.id}`)
  await expect.poll(async () => (await read()).state, { timeout: 60_000 }).toBe('done')
  await expect.poll(async () => (await read()).urls.storyboard).not.toBeNull()
  return { id: video.id, read }
}

/** Mean brightness and redness of what the page shows of a poster. */
const measurePoster = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate(async (element) => {
      const image = new Image()
      const { poster, src } = element as HTMLImageElement & HTMLVideoElement
      image.src = poster || src
      await image.decode()
      const canvas = new OffscreenCanvas(1, 1)
      const context = canvas.getContext('2d')!
      context.drawImage(image, 0, 0, 1, 1)
      const [red, green, blue] = context.getImageData(0, 0, 1, 1).data
      return { brightness: (red! + green! + blue!) / 3, redness: red! - green! }
    })

test('chooses a frame, then a picture, as the thumbnail, which every place shows @full', async ({
  home: page,
  user,
}) => {
  const { id, read } = await uploadFilm(user)
  await page.goto(`/videos/${id}`)
  const dialog = page.getByRole('dialog', { name: 'Thumbnail' })
  const open = async () => {
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Thumbnail' }).click()
  }

  await open()
  await expect(dialog.getByRole('radio')).toHaveCount(12)
  await expectAccessible(page)
  await dialog.getByRole('radio', { name: 'Frame at 0:10' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(dialog.getByRole('radio', { name: 'Frame at 0:11' })).toBeChecked()
  await dialog.getByRole('button', { name: 'Use selected frame' }).click()
  await expect(dialog).toBeHidden()
  await expect.poll(async () => (await read()).posterSource).toBe('frame')
  await page.goto('/videos')
  const listed = `a[href="/videos/${id}"] img`
  await expect.poll(async () => (await measurePoster(page, listed)).brightness).toBeGreaterThan(190)

  await page.goto(`/videos/${id}`)
  await open()
  await dialog.getByTestId('picture-input').setInputFiles(createPicture('red.png'))
  await expect(dialog).toBeHidden()
  await expect.poll(async () => (await read()).posterSource).toBe('picture')
  await page.goto('/videos')
  await expect.poll(async () => (await measurePoster(page, listed)).redness).toBeGreaterThan(150)

  // The page for viewers, its previews, and the picture behind them.
  const share = await user.fetchJson<ShareDto>(`/api/v1/videos/${id}/shares`, {
    method: 'POST',
    body: '{}',
  })
  await page.goto(share.url!)
  const preview = await page.locator('meta[property="og:image"]').getAttribute('content')
  expect(preview).toMatch(/\/poster\.jpg\?v=[\w-]+$/)
  expect((await fetch(preview!)).headers.get('content-type')).toBe('image/jpeg')
  await loadPlayer(page)
  await expect.poll(async () => (await measurePoster(page, 'hls-video')).redness).toBeGreaterThan(150)

  await page.goto(`/videos/${id}`)
  await open()
  await dialog.getByRole('button', { name: 'Select automatically' }).click()
  await expect.poll(async () => (await read()).posterSource).toBe('automatic')
})

test('says why a picture cannot be the thumbnail, and keeps the earlier one @full', async ({
  home: page,
  user,
}) => {
  const { id, read } = await uploadFilm(user)
  const before = (await read()).urls.poster
  await page.goto(`/videos/${id}`)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Thumbnail' }).click()
  const input = page.getByTestId('picture-input')
  await input.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('<svg/>') })
  await expect(page.getByText('This file is no JPEG, PNG or WebP picture.')).toBeVisible()
  const damaged = path.join(dir, 'damaged.png')
  writeFileSync(damaged, readFileSync(createPicture('whole.png')).subarray(0, 40))
  await input.setInputFiles(damaged)
  await expect(page.getByRole('status').getByText('The thumbnail was not changed.')).toBeVisible()
  expect((await read()).urls.poster).toBe(before)
})

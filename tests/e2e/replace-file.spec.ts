import { readFileSync } from 'node:fs'
import type { ShareDto } from '@/lib/shares/schema'
import type { VideoDetailsDto } from '@/lib/videos/schema'
import { generateMedia, type MediaName } from '@/tests/support/generate-media'
import { uploadFilm } from '@/tests/support/upload-film'
import { expect, expectAccessible, loadPlayer, test, type TestUser } from './fixtures'

async function createFilm(user: TestUser, name: MediaName = 'silent.mp4') {
  const video = await uploadFilm(user, { file: await generateMedia(name), filename: 'film.mp4' })
  const read = () => user.fetchJson<VideoDetailsDto>(`/api/v1/videos/${video.id}`)
  await expect.poll(async () => (await read()).state, { timeout: 60_000 }).toBe('done')
  return { id: video.id, read }
}

test('replaces the file of a video, which keeps its page, title and links @full', async ({
  home: page,
  user,
  browser,
}) => {
  const { id, read } = await createFilm(user, 'sound-short.mp4')
  const before = await read()
  const share = await user.fetchJson<ShareDto>(`/api/v1/videos/${id}/shares`, { method: 'POST', body: '{}' })
  await user.fetchJson(`/api/v1/videos/${id}`, { method: 'PATCH', body: '{"title":"Harbour"}' })
  const viewer = await (await browser.newContext()).newPage()
  await viewer.goto(share.url!)
  await loadPlayer(viewer)
  const readDuration = (one: typeof page) =>
    one.locator('hls-video video').evaluate((media: HTMLVideoElement) => media.duration)
  await expect.poll(() => readDuration(viewer)).toBeCloseTo(before.durationSeconds!, 0)

  await page.goto(`/videos/${id}`)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Replace file' }).click()
  await expect(page.getByRole('dialog', { name: 'Replace the file' })).toBeVisible()
  await expectAccessible(page)
  await page.getByTestId('replacement-input').setInputFiles(await generateMedia('web-safe.mp4'))

  // The page follows by itself.
  await expect.poll(async () => (await read()).sha256, { timeout: 60_000 }).not.toBe(before.sha256)
  const after = await read()
  expect(after).toMatchObject({ title: 'Harbour', state: 'done', filename: 'web-safe.mp4' })
  expect(Math.abs(after.durationSeconds! - before.durationSeconds!)).toBeGreaterThan(1)
  await expect.poll(() => readDuration(page)).toBeCloseTo(after.durationSeconds!, 0)
  await expect(page.getByRole('heading', { name: 'Harbour' })).toBeVisible()
  const { videos } = await user.fetchJson<{ videos: unknown[] }>('/api/v1/videos')
  expect(videos).toHaveLength(1)
  // So does that of a viewer, once its player needs what it has not loaded.
  const seek = (media: HTMLVideoElement) => void (media.currentTime = media.duration - 1)
  await viewer.locator('hls-video video').evaluate(seek)
  await expect.poll(() => readDuration(viewer)).toBeCloseTo(after.durationSeconds!, 0)

  // Segments of the former file are not mixed with those of the new one.
  const playlist = `/media/videos/${id}/hls/${after.renditions[0]!.name}`
  expect((await user.fetch(`${playlist}/0.m4s`)).status).toBe(410)
  const [segment] = /\S+\.m4s\S*/.exec(await (await user.fetch(`${playlist}/index.m3u8`)).text())!
  expect((await user.fetch(`${playlist}/${segment}`)).status).toBe(200)
})

test('leaves the video as it is when the new file cannot be read @full', async ({ home: page, user }) => {
  const { id, read } = await createFilm(user)
  // Pictures are created beside the renditions, and may follow them.
  const readPictures = async () => {
    const { poster, storyboard } = (await read()).urls
    return [poster, storyboard]
  }
  await expect.poll(readPictures, { timeout: 60_000 }).not.toContain(null)
  const before = await read()
  await page.goto(`/videos/${id}`)
  const choose = async (name: string, buffer: Buffer) => {
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Replace file' }).click()
    await page.getByTestId('replacement-input').setInputFiles({ name, mimeType: 'video/mp4', buffer })
  }
  const film = readFileSync(await generateMedia('web-safe.mp4'))
  await choose('broken.mp4', Buffer.concat([film.subarray(0, 200), Buffer.alloc(5_000, 7)]))
  await expect(page.getByText('The file was not replaced.')).toBeVisible({ timeout: 60_000 })
  // The same file again is refused at once.
  await choose('same.mp4', readFileSync(await generateMedia('silent.mp4')))
  await expect(page.getByText('The video has this file already.')).toBeVisible({ timeout: 30_000 })
  const { sha256, title, filename, durationSeconds, urls } = before
  expect(await read()).toMatchObject({ sha256, title, filename, durationSeconds, urls, state: 'done' })
})

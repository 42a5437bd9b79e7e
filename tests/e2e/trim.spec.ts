import type { ShareDto } from '@/lib/shares/schema'
import type { VideoDetailsDto } from '@/lib/videos/schema'
import { uploadCounter } from '@/tests/support/upload-film'
import type { Page } from '@playwright/test'
import { expect, expectAccessible, loadPlayer, test, type TestUser } from './fixtures'

async function uploadLecture(user: TestUser) {
  const { video } = await uploadCounter(user, { seconds: 30 })
  const read = () => user.fetchJson<VideoDetailsDto>(`/api/v1/videos/${video.id}`)
  const isFinished = async () => {
    const { tasks } = await user.fetchJson<{ tasks: { state: string }[] }>(
      `/api/v1/tasks?videoId=${video.id}`,
    )
    return tasks.every(({ state }) => !['queued', 'in_progress'].includes(state))
  }
  await expect.poll(async () => (await read()).state, { timeout: 60_000 }).toBe('done')
  await expect.poll(isFinished, { timeout: 60_000 }).toBe(true)
  return { id: video.id, read }
}

const FRAME_RATE = 25

const media = (page: Page) => page.locator('media-controller hls-video video')
const readDuration = (page: Page) => media(page).evaluate((one: HTMLVideoElement) => one.duration)

/** Seeks, and reads the number that the presented frame shows, and its time. */
async function readFrame(page: Page, seconds: number) {
  return media(page).evaluate(async (video: HTMLVideoElement, at) => {
    const presented = new Promise<number>((resolve) =>
      video.requestVideoFrameCallback((_now, { mediaTime }) => resolve(mediaTime)),
    )
    video.currentTime = at
    const shownAt = await presented
    const canvas = new OffscreenCanvas(12, 1)
    const context = canvas.getContext('2d')!
    context.imageSmoothingQuality = 'high'
    context.drawImage(video, 0, 0, 12, 1)
    const { data } = context.getImageData(0, 0, 12, 1)
    const bits = Array.from({ length: 12 }, (_, bit) => (data[4 * bit]! > 128 ? 2 ** bit : 0))
    return { frame: bits.reduce((a, b) => a + b), shownAt }
  }, seconds)
}

/** Chromium shows the frame at the time it sought, or one beside it: what counts is which frame has which time. */
async function expectFrame(page: Page, { seconds, frame }: { seconds: number; frame: number }) {
  const shown = await readFrame(page, seconds)
  const framesLater = Math.round((shown.shownAt - seconds) * FRAME_RATE)
  expect(Math.abs(framesLater)).toBeLessThanOrEqual(2)
  expect(shown.frame).toBe(frame + framesLater)
}

test('trims a video, whose links then show only what stays, and restores it @full', async ({
  home: page,
  user,
  browser,
}) => {
  const { id, read } = await uploadLecture(user)
  const share = await user.fetchJson<ShareDto>(`/api/v1/videos/${id}/shares`, { method: 'POST', body: '{}' })
  const viewer = await (await browser.newContext()).newPage()
  await viewer.goto(share.url!)
  await loadPlayer(viewer)
  await expect.poll(() => readDuration(viewer)).toBeCloseTo(30, 0)
  const before = await read()

  await page.goto(`/videos/${id}`)
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Trim' }).click()
  const dialog = page.getByRole('dialog', { name: 'Trim' })
  await expect(dialog.getByText('New length: 0:30.00 of 0:30.00').first()).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Trim' })).toBeDisabled()
  // The handles move by keys, and the times can be typed.
  await dialog.getByRole('slider', { name: 'Start' }).focus()
  await page.keyboard.press('PageUp')
  await page.keyboard.press('ArrowRight')
  await expect(dialog.getByRole('textbox', { name: 'Start' })).toHaveValue('0:01.10')
  await dialog.getByRole('textbox', { name: 'Start' }).fill('5.48')
  await dialog.getByRole('textbox', { name: 'End' }).fill('0:23.2')
  await dialog.getByRole('textbox', { name: 'End' }).press('Enter')
  await expect(dialog.getByText('New length: 0:17.72 of 0:30.00').first()).toBeVisible()
  await expect(dialog.getByText('Last frame')).toBeVisible()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Trim' }).click()

  // The page follows by itself.
  const notice = page.getByText('Trimmed to 0:05–0:23 of 0:30.')
  await expect(notice).toBeVisible({ timeout: 60_000 })
  await expect.poll(() => readDuration(page)).toBeCloseTo(17.72, 1)
  await expectFrame(page, { seconds: 0.04, frame: 138 })
  await expectFrame(page, { seconds: 10, frame: 387 })
  await expectFrame(page, { seconds: 17.68, frame: 579 })
  await expectAccessible(page)
  // What is downloaded as the original is not the uploaded file.
  await expect(page.getByText(/Trimmed, in the best quality/)).toBeAttached()
  const chapters = [{ startSeconds: 0, title: 'Talk' }]
  await user.fetchJson(`/api/v1/videos/${id}/chapters`, {
    method: 'PUT',
    body: JSON.stringify({ chapters }),
  })

  // So does that of a viewer, who cannot get at what was cut.
  await viewer.reload()
  await loadPlayer(viewer)
  await expect.poll(() => readDuration(viewer)).toBeCloseTo(17.72, 1)
  await expectFrame(viewer, { seconds: 0.04, frame: 138 })

  await page.getByRole('button', { name: 'Restore the whole video' }).click()
  await expect(notice).toBeHidden()
  await expect.poll(() => readDuration(page)).toBeCloseTo(30, 0)
  expect(await read()).toMatchObject({
    sha256: before.sha256,
    trim: null,
    durationSeconds: before.durationSeconds,
    chapters: [{ startSeconds: 5.48, title: 'Talk', endSeconds: before.durationSeconds }],
  })
  await expect(page.getByText(/As uploaded/)).toBeAttached()
})

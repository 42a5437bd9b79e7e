import { generateMedia } from '@/tests/support/generate-media'
import { chooseFiles, expect, openPage, signIn, test } from './fixtures'
import { recordAnnouncements } from './record-announcements'

test.describe.configure({ timeout: 240_000 })
test.use({ actionTimeout: 15_000 })

test('announces start and end of an upload and its transcode once, and no progress @full', async ({
  page,
  user,
}) => {
  const announcements = await recordAnnouncements(page)
  await signIn(page, user)
  await chooseFiles(page, [await generateMedia('silent.mp4')])
  await expect(page.getByText(/^Done/)).toBeVisible({ timeout: 90_000 })
  await expect(page.getByTestId('announcements')).toContainText('silent is ready', { timeout: 20_000 })
  await announcements.expectCalm()
  for (const event of ['Upload started: silent', 'Upload finished: silent', 'silent is ready'])
    expect(await announcements.count(event), event).toBe(1)
  expect(await announcements.count('Started: silent · Transcoding')).toBeLessThanOrEqual(1)
})

test('announces a failure once, also on the page of the task @full', async ({ page, user }) => {
  const announcements = await recordAnnouncements(page)
  await signIn(page, user)
  const { task } = await user.fetchJson<{ task: { id: string } }>('/api/v1/videos?filename=broken.mp4', {
    method: 'POST',
    body: new Uint8Array(2_000).fill(1),
  })
  await openPage(page, `/tasks/${task.id}`)
  await expect(page.getByTestId('task-error')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByTestId('announcements')).not.toBeEmpty()
  const failures = (await announcements.read()).filter(({ text }) => text.includes('broken'))
  expect(failures).toHaveLength(1)
  await announcements.expectCalm()
})

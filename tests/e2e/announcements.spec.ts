import { generateMedia } from '@/tests/support/generate-media'
import { chooseFiles, expect, openPage, signIn, test, typeIntoTerminal } from './fixtures'
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

test('announces a failure once, and not again on the page of the task @full', async ({ page, user }) => {
  const announcements = await recordAnnouncements(page)
  await signIn(page, user)
  const { task } = await user.fetchJson<{ task: { id: string } }>('/api/v1/videos?filename=broken.mp4', {
    method: 'POST',
    body: new Uint8Array(2_000).fill(1),
  })
  await expect(page.getByTestId('announcements')).toContainText('broken could not be processed', {
    timeout: 60_000,
  })
  expect(await announcements.count('broken')).toBe(1)
  await announcements.expectCalm()
  await openPage(page, `/tasks/${task.id}`)
  await expect(page.getByTestId('task-error')).toBeVisible()
  expect(await announcements.count('broken')).toBe(0)
  await announcements.expectCalm()
})

test('announces the failure of a task on the pages about it, also when notifications of it are off @full', async ({
  page,
  user,
}) => {
  const announcements = await recordAnnouncements(page)
  const announced = page.getByTestId('announcements')
  await signIn(page, user)
  await openPage(page, '/account')
  await page.getByRole('checkbox', { name: 'Video failed: In app' }).click()
  await page.getByRole('link', { name: 'Videos', exact: true }).first().click()
  const { task, video } = await user.fetchJson<{ task: { id: string }; video: { id: string } }>(
    '/api/v1/videos?filename=broken.mp4',
    { method: 'POST', body: new Uint8Array(2_000).fill(1) },
  )
  // Elsewhere, it is what the user has turned off.
  await expect(page.getByRole('listitem').filter({ hasText: 'broken' })).toContainText('Retry', {
    timeout: 60_000,
  })
  expect(await announcements.count('Failed: broken')).toBe(0)
  expect(await announcements.count('could not be processed')).toBe(0)

  for (const path of [`/tasks/${task.id}`, `/videos/${video.id}`]) {
    await openPage(page, path)
    await expect(announced).toBeEmpty()
    await user.fetchJson(`/api/v1/tasks/${task.id}/retry`, { method: 'POST' })
    await expect(announced).toContainText(/^Failed: broken · .+\./m, { timeout: 60_000 })
    await announcements.expectCalm()
    expect(await announcements.count('Failed: broken')).toBe(1)
  }
})

test('a machine is announced when it is created and ready; of its output, what an interval brought at once @full', async ({
  page,
  user,
}) => {
  const announcements = await recordAnnouncements(page)
  await signIn(page, user)
  await page.getByRole('button', { name: 'Create tiny machine' }).click()
  await expect(page.getByRole('region', { name: 'Console' })).toHaveAttribute('data-state', 'connected')
  await typeIntoTerminal(page, 'echo $((40+1))')
  const output = page.getByTestId('console-output')
  await expect(output).toHaveText(/41$/)
  // More than is read, in one interval.
  await typeIntoTerminal(page, Array.from({ length: 30 }, (_, n) => `echo line ${n}`).join(';'))
  await expect(output).toContainText('more lines before', { timeout: 20_000 })
  await expect(output).toHaveText(/line 29$/)
  for (let n = 0; n < 12; n++) await typeIntoTerminal(page, `echo again ${n}`)
  await expect(output).toHaveText(/again 11$/, { timeout: 20_000 })
  await announcements.expectCalm()
  expect(await announcements.count('is ready')).toBeLessThanOrEqual(1)

  // The output so far is not new.
  await page.reload()
  await expect(page.getByRole('region', { name: 'Console' })).toHaveAttribute('data-state', 'connected')
  await expect(page.getByTestId('terminal')).toContainText('again 11')
  await expect(output).toBeEmpty()
  await page.getByRole('button', { name: 'Share' }).click()
  await page.getByRole('button', { name: 'Create link and copy it' }).click()
  await page.getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('button', { name: 'Revoke link' }).click()
  await expect(page.getByRole('dialog').getByRole('listitem')).toHaveCount(0)
  await announcements.expectCalm()
})

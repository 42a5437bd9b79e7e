import { readFileSync } from 'node:fs'
import { generateMedia } from '@/tests/support/generate-media'
import { createUser, expect, trackReloads, signIn, test } from './fixtures'

test.describe.configure({ timeout: 90_000 })

test('pauses and resumes a queue, and finds the task with its timeline @full', async ({ page, app }) => {
  const admin = await createUser(app, { isAdmin: true })
  await signIn(page, admin)
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('queues')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Queues', exact: true })).toBeVisible()
  const expectNoReload = await trackReloads(page)
  // Such as that of the watched folder, which this server does not have.
  await expect(page.getByText('No worker takes this queue')).toHaveCount(0)
  // The shared queues that are idle are in a list that can be opened, the others in a table.
  await page
    .getByText(/^\d+ idle queues$/)
    .first()
    .click()
  const queue = page.locator('[data-queue="video.package"]')
  const waiting = queue.getByRole('cell').nth(1)
  await queue.getByRole('button', { name: 'Pause Packaging downloads' }).click()
  await expect(queue.getByText(`Paused by ${admin.email}`)).toBeVisible()

  const body = readFileSync(await generateMedia('silent.mp4'))
  const response = await admin.fetch('/api/v1/videos?filename=held.mp4', { method: 'POST', body })
  expect(response.status).toBe(202)
  await expect(waiting).toHaveText('1', { timeout: 40_000 })
  await queue.getByRole('button', { name: 'Resume Packaging downloads' }).click()
  await expect(queue.getByText(/^Paused/)).toBeHidden()
  await expect(waiting).toHaveText('0', { timeout: 30_000 })
  await expectNoReload()

  await page.getByRole('link', { name: 'All tasks' }).click()
  await page.getByLabel('Search tasks').fill('held')
  await page.getByRole('link', { name: /held · Packaging downloads/ }).click()
  await expect(page.getByText('Attempt 1 of 3')).toBeVisible()
  await expect(page.getByText('Completed', { exact: true })).toBeVisible()
  await expect(page.getByText('Viewed', { exact: true })).toBeVisible()
})

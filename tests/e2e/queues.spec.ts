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
  const card = page.locator('[data-queue="video.package"]')
  await card.getByRole('button', { name: 'Pause Packaging downloads' }).click()
  await expect(card.getByText(`Paused by ${admin.email}`)).toBeVisible()

  const body = readFileSync(await generateMedia('silent.mp4'))
  const response = await admin.fetch('/api/v1/videos?filename=held.mp4', { method: 'POST', body })
  expect(response.status).toBe(202)
  await expect(card.getByText('1', { exact: true })).toBeVisible({ timeout: 40_000 })
  await card.getByRole('button', { name: 'Resume Packaging downloads' }).click()
  await expect(card.getByText(/^Paused/)).toBeHidden()
  await expect(card.getByText('1', { exact: true })).toBeHidden({ timeout: 30_000 })
  await expectNoReload()

  await page.getByRole('link', { name: 'All tasks' }).click()
  await page.getByLabel('Search tasks').fill('held')
  await page.getByRole('link', { name: /held · Packaging downloads/ }).click()
  await expect(page.getByText('Attempt 1 of 3')).toBeVisible()
  await expect(page.getByText('Completed', { exact: true })).toBeVisible()
  await expect(page.getByText('Viewed', { exact: true })).toBeVisible()
})

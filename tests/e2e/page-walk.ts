import type { Page } from '@playwright/test'
import { expect, readUserId, type TestUser, videoLink } from './fixtures'

/** The pages of an administrator who has a video called `title`, which the home page shows. Leaves the page at that video. */
export async function listPages(page: Page, { user, title }: { user: TestUser; title: string }) {
  const video = (await videoLink(page, title).getAttribute('href'))!
  await page.goto(video)
  const task = (await page.locator('[href^="/tasks/"]').first().getAttribute('href'))!
  return [
    '/',
    '/videos',
    video,
    task,
    '/playlists',
    '/archives',
    '/machines',
    '/activity',
    '/account',
    '/account/security',
    '/account/webhooks',
    '/invite',
    '/admin',
    '/admin/users',
    `/admin/users/${await readUserId(user)}`,
    '/admin/queues',
    '/admin/dead-letters',
    '/admin/tasks',
    '/admin/audit',
    '/no-such-page',
  ]
}

/** Opens each page, runs `check`, and expects that the page fits the width of the screen then. */
export async function walkPages(page: Page, pages: readonly string[], check: (at: string) => Promise<void>) {
  for (const at of pages) {
    await page.goto(at)
    await expect(page.locator('main')).toBeVisible()
    await check(at)
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    expect(await page.evaluate(overflow), `${at} is wider than the screen`).toBeLessThanOrEqual(0)
  }
}

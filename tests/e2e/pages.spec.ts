// Over 200 lines because it covers what all pages have in common with one app; each part of the app has its own spec file.

import type { Page } from '@playwright/test'
import { generateMedia } from '@/tests/support/generate-media'
import { chooseFiles, expect, startPlaying, type TestUser, signIn, test, videoLink } from './fixtures'

test.describe.configure({ timeout: 180_000 })

/** Uploads videos through the API, in the order of `names`. */
async function uploadVideos(user: TestUser, names: string[], { isCanceled = false } = {}) {
  const { readFileSync } = await import('node:fs')
  const body = readFileSync(await generateMedia('silent.mp4'))
  for (const name of names) {
    const response = await user.fetch(`/api/v1/videos?filename=${encodeURIComponent(name)}.mp4`, {
      method: 'POST',
      body,
    })
    expect(response.status).toBe(202)
    const { task } = (await response.json()) as { task: { id: string } }
    if (isCanceled) await user.fetch(`/api/v1/tasks/${task.id}/cancel`, { method: 'POST' })
  }
}

test('searches, sorts, and paginates the library on the server @full', async ({ page, user }) => {
  const names = Array.from({ length: 53 }, (_, n) => `clip ${String(n).padStart(2, '0')}`)
  // The test needs their titles only, so transcoding is canceled.
  await uploadVideos(user, names, { isCanceled: true })
  await signIn(page, user)
  await page.goto('/videos')
  const rows = page.getByRole('main').getByRole('listitem').locator('[data-row]')
  await expect(rows).toHaveCount(50)
  await expect(rows.first()).toHaveText('clip 52')
  await page.getByRole('button', { name: 'Load more' }).click()
  await expect(rows).toHaveCount(53)
  await expect(page.getByRole('button', { name: 'Load more' })).toBeHidden()
  await page.getByRole('combobox', { name: 'Sort' }).click()
  await page.getByRole('option', { name: 'Title, A to Z' }).click()
  await expect(rows.first()).toHaveText('clip 00')
  await page.getByLabel('Search videos').pressSequentially('Clip 5')
  await expect(rows).toHaveText(['clip 50', 'clip 51', 'clip 52'])
  await expect(page).toHaveURL(/search=Clip\+5/)
  await page.reload()
  await expect(rows).toHaveCount(3)
  await page.getByLabel('Search videos').fill('unmatched')
  await expect(page.getByText('No titles match “unmatched”.')).toBeVisible()
})

test('shows a loading indicator and keeps the old page while a slow page loads', async ({ home }) => {
  const release = Promise.withResolvers<void>()
  await home.route('**/machines?_rsc=*', async (route) => {
    await release.promise
    await route.continue()
  })
  await home.getByRole('link', { name: 'Machines', exact: true }).first().click()
  const indicator = home.getByText('Loading…')
  await expect(indicator).toHaveCSS('opacity', '1')
  await expect(home.getByRole('heading', { name: 'Create a machine' })).toBeVisible()
  release.resolve()
  await expect(home.getByRole('heading', { name: 'Machines', level: 1 })).toBeVisible()
  await expect(indicator).toHaveCount(0)
})

test('reports an unreachable server on sign-in, and signs in once it is back @full', async ({
  page,
  user,
}) => {
  const at = '**/api/auth/sign-in/email'
  await page.goto('/sign-in')
  await page.getByLabel('Email').fill(user.email)
  await page.getByLabel('Password').fill(user.password)
  const alert = page.getByRole('alert').filter({ hasText: /\w/ })
  await page.route(at, (route) => route.abort())
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(alert).toHaveText('Couldn’t reach the server. Try again in a moment.')
  await page.unroute(at)
  const title = 'The database is unavailable. Try again in a moment.'
  const body = JSON.stringify({ code: 'server.database_away', title })
  await page.route(at, (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body }),
  )
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(alert).toHaveText(title)
  await page.unroute(at)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { name: 'Drop videos anywhere' })).toBeVisible()
})

test('works by keyboard in lists and the command menu @full', async ({ page, user }) => {
  await uploadVideos(user, ['first', 'second', 'third'])
  await signIn(page, user)
  await page.goto('/videos')
  await expect(videoLink(page, 'third')).toBeVisible()
  for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key)
  await expect(videoLink(page, 'second')).toBeFocused()
  await page.keyboard.press('x')
  await expect(page.getByLabel('Select second')).toBeChecked()
  await expect(page.getByText('1 selected').first()).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'second' })).toBeVisible()

  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('firs')
  await page.getByRole('option', { name: 'first' }).waitFor()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'first' })).toBeVisible()
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('activity')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Activity' })).toBeVisible()
})

/** Keeps scripts from being loaded until the returned function is called. */
async function holdScripts(page: Page) {
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route('**/*.js', async (route) => {
    await promise
    await route.continue()
  })
  return resolve
}

test('keeps what is typed while the command menu loads @full', async ({ home }) => {
  const load = await holdScripts(home)
  await home.keyboard.press('ControlOrMeta+k')
  await home.keyboard.type('acti')
  await expect(home.getByPlaceholder('Search or run a command')).toHaveValue('acti')
  load()
  await expect(home.getByRole('option', { name: 'Activity' })).toBeVisible()
  await home.keyboard.type('v')
  await expect(home.getByPlaceholder('Search or run a command')).toHaveValue('activ')
  await home.keyboard.press('Enter')
  await expect(home.getByRole('heading', { name: 'Activity' })).toBeVisible()
})

test('runs the command that was confirmed while the command menu loaded @full', async ({ home }) => {
  const load = await holdScripts(home)
  await home.keyboard.press('ControlOrMeta+k')
  await home.keyboard.type('activity')
  await home.keyboard.press('Enter')
  await expect(home.getByPlaceholder('Search or run a command')).toHaveValue('activity')
  load()
  await expect(home.getByRole('heading', { name: 'Activity' })).toBeVisible()
  await expect(home.getByRole('dialog')).toBeHidden()
})

test('renames a video in place, and undoes its deletion @full', async ({ home, user }) => {
  await uploadVideos(user, ['draft'])
  await videoLink(home, 'draft').click()
  await home.getByRole('button', { name: 'Rename' }).click()
  await home.getByRole('textbox', { name: 'Title' }).fill('Summer')
  await home.keyboard.press('Enter')
  await expect(home.getByRole('heading', { name: 'Summer' })).toBeVisible()
  await expect(home).toHaveTitle(/Summer · Meanwhile$/)
  await home.getByRole('button', { name: 'Rename' }).click()
  await home.getByRole('textbox', { name: 'Title' }).fill('Winter')
  await home.keyboard.press('Escape')
  await expect(home.getByRole('heading', { name: 'Summer' })).toBeVisible()

  const count = async () =>
    ((await (await user.fetch('/api/v1/videos')).json()) as { videos: unknown[] }).videos.length
  const remove = () => home.getByRole('button', { name: 'Delete' }).click()
  await remove()
  await expect(home.getByText('Deleted “Summer”')).toBeVisible()
  await expect(videoLink(home, 'Summer')).toBeHidden()
  await home.getByRole('button', { name: 'Undo' }).click()
  await expect(videoLink(home, 'Summer')).toBeVisible()
  expect(await count()).toBe(1)

  await videoLink(home, 'Summer').click()
  await remove()
  await expect(videoLink(home, 'Summer')).toBeHidden()
  await expect.poll(count).toBe(0)
})

test('shows the timeline and the log of a task', async ({ home, user }) => {
  await uploadVideos(user, ['logged'])
  await expect(home.getByText(/^Done/)).toBeVisible({ timeout: 60_000 })
  await videoLink(home, 'logged').click()
  await home.getByRole('link', { name: /Transcoding/ }).click()
  await expect(home.getByText('Attempt 1 of 3')).toBeVisible()
  await expect(home.getByText('attempt started')).toBeVisible()
  await expect(home.getByText('task done')).toBeVisible()
})

test('processes a truncated file up to its end, and reports that @full', async ({ home }) => {
  await chooseFiles(home, [await generateMedia('cut-off.mp4')])
  await videoLink(home, 'cut-off').click()
  await expect(home.getByText('The file ends early.')).toBeVisible({ timeout: 60_000 })
})

test('plays a slide show from start to end without gaps @full', async ({ home }) => {
  await chooseFiles(home, [await generateMedia('slides.mp4')])
  await expect(home.getByText(/^Done/)).toBeVisible({ timeout: 60_000 })
  await videoLink(home, 'slides').click()
  await startPlaying(home)
  const video = home.locator('hls-video video')
  await expect.poll(() => video.evaluate((media: HTMLVideoElement) => media.currentTime)).toBeGreaterThan(3)
  const [duration, ranges] = await video.evaluate((media: HTMLVideoElement) => [
    media.duration,
    Array.from({ length: media.buffered.length }, (_, n) => [media.buffered.start(n), media.buffered.end(n)]),
  ])
  expect(duration).toBeCloseTo(10, 0)
  expect(ranges).toEqual([[expect.closeTo(0, 0), expect.closeTo(10, 0)]])
})

import { globSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import type { MachineDto } from '@/lib/machines/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { generateMedia } from '@/tests/support/generate-media'
import { chooseFiles, createUser, expect, openPage, signIn, test, videoLink } from './fixtures'

test.describe.configure({ timeout: 180_000 })

/** Collects what the browser blocks on pages opened from here on, and errors in its console. */
async function recordViolations(page: Page) {
  const violations: string[] = []
  await page.exposeFunction('reportViolation', (text: string) => violations.push(text))
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      const { violatedDirective, blockedURI, sourceFile, lineNumber } = event
      const report = (window as unknown as { reportViolation(text: string): void }).reportViolation
      report(`${location.pathname}: ${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`)
    })
  })
  page.on('console', (message) => {
    if (message.type() === 'error') violations.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => violations.push(`${page.url()}: ${error.message}`))
  return violations
}

/** The pages whose path has no parameter, from the folders of the app. */
const staticPages = globSync('app/{(app),docs}/**/page.tsx', {
  cwd: path.resolve(import.meta.dirname, '../..'),
})
  .filter((file) => !file.includes('['))
  .map((file) =>
    `/${path.dirname(file).split('/').slice(1).join('/')}`
      .replace(/^\/\(app\)(?=.)/, '')
      .replace('/(app)', '/'),
  )

const VTT = 'WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n'

test('no page violates its content security policy @full', async ({ page, app }) => {
  const violations = await recordViolations(page)
  const user = await createUser(app, { isAdmin: true })
  for (const at of [
    '/sign-in',
    '/sign-up',
    '/forgot-password',
    '/reset-password?token=none',
    '/check-mail',
  ]) {
    await page.goto(at)
    await expect(page.getByRole('heading').first()).toBeVisible()
  }
  await signIn(page, user)
  await chooseFiles(page, [await generateMedia('slides.mp4')])
  await expect(page.getByText(/^Done/)).toBeVisible({ timeout: 60_000 })
  const { videos } = await user.fetchJson<{ videos: VideoDto[] }>('/api/v1/videos')
  const id = videos[0]!.id
  await user.fetch(`/api/v1/videos/${id}/captions/files?filename=a.en.vtt`, { method: 'POST', body: VTT })

  await openPage(page, '/videos')
  await videoLink(page, 'slides').click()
  await page.locator('media-play-button').click()
  const video = page.locator('hls-video video')
  await expect.poll(() => video.evaluate((media: HTMLVideoElement) => media.currentTime)).toBeGreaterThan(0.5)
  await page.locator('media-settings-menu-button').click()
  await expect(page.getByRole('menuitem', { name: 'Quality' })).toBeVisible()
  const task = await page.locator('[href^="/tasks/"]').first().getAttribute('href')

  const [caption] = (await user.fetchJson<VideoDto>(`/api/v1/videos/${id}`)).captions
  await openPage(page, `/videos/${id}/captions/${caption!.id}`)
  await expect(page.getByText('hello').first()).toBeVisible()

  const created = await user.fetchJson<{ machine: MachineDto }>('/api/v1/machines', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  await openPage(page, `/machines/${created.machine.id}`)
  await expect(page.getByRole('region', { name: 'Console' })).toHaveAttribute('data-state', 'connected', {
    timeout: 60_000,
  })

  for (const at of [task!, ...staticPages]) {
    await page.goto(at)
    await expect(page.locator('main')).toBeVisible()
  }
  await openPage(page, '/')
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  expect(violations).toEqual([])
})

import { globSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import type { MachineDto } from '@/lib/machines/schema'
import type { ShareDto } from '@/lib/shares/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { generateMedia } from '@/tests/support/generate-media'
import {
  chooseFiles,
  createUser,
  expect,
  openPage,
  readUserId,
  signIn,
  type TestUser,
  startPlaying,
  test,
  videoLink,
} from './fixtures'

test.describe.configure({ timeout: 180_000 })
test.use({ env: { MACHINES: 'on', MACHINE_DRIVER: 'fake', SHARE_EMBED_ORIGINS: 'https://blog.example.com' } })

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
    // The script above, in the sandboxed previews of mails.
    const isOwn = message.text().startsWith("Blocked script execution in 'about:srcdoc'")
    if (message.type() === 'error' && !isOwn) violations.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => violations.push(`${page.url()}: ${error.message}`))
  return violations
}

/** The paths of all pages, with a parameter as `[name]`, from the folders of the app. */
const pagePaths = globSync('app/**/page.tsx', {
  cwd: path.resolve(import.meta.dirname, '../..'),
}).map((file) => {
  const folders = path.dirname(file).split('/').slice(1)
  return `/${folders.filter((folder) => !folder.startsWith('(')).join('/')}`
})
const staticPages = pagePaths.filter((at) => !at.includes('['))

/** Creates what pages with a parameter show. Returns their paths. */
async function createPagesWithIds(user: TestUser, { videoId, machineId }: Record<string, string>) {
  const [caption] = (await user.fetchJson<VideoDto>(`/api/v1/videos/${videoId}`)).captions
  const post = (at: string, body: object) =>
    user.fetchJson<{ id: string }>(at, { method: 'POST', body: JSON.stringify(body) })
  const webhook = await post('/api/v1/webhooks', { url: 'https://hooks.example.com' })
  const mail = await post('/api/v1/admin/mails/test', {})
  const share = await user.fetchJson<ShareDto>(`/api/v1/videos/${videoId}/shares`, {
    method: 'POST',
    body: '{}',
  })
  const playlist = await post('/api/v1/playlists', { name: 'All', videoIds: [videoId] })
  const { tasks } = await user.fetchJson<{ tasks: { id: string }[] }>('/api/v1/tasks')
  return {
    '/videos/[id]': `/videos/${videoId}`,
    '/videos/[id]/captions/[captionId]': `/videos/${videoId}/captions/${caption!.id}`,
    '/videos/[id]/proof-sheet': `/videos/${videoId}/proof-sheet`,
    '/playlists/[id]': `/playlists/${playlist.id}`,
    '/machines/[id]': `/machines/${machineId}`,
    '/tasks/[id]': `/tasks/${tasks[0]!.id}`,
    '/account/webhooks/[id]': `/account/webhooks/${webhook.id}`,
    '/admin/users/[id]': `/admin/users/${await readUserId(user)}`,
    '/admin/tasks/[id]': `/admin/tasks/${tasks[0]!.id}`,
    '/admin/mail/[id]': `/admin/mail/${mail.id}`,
    '/docs/api/[operation]': '/docs/api/post-machines',
    '/s/[token]': new URL(share.url!).pathname,
    '/embed/[token]': new URL(share.embedUrl!).pathname,
  }
}

const VTT = 'WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n'

test('no page violates its content security policy @full', async ({ page, app }) => {
  const violations = await recordViolations(page)
  const user = await createUser(app, { isAdmin: true })
  for (const at of ['/sign-in', '/sign-up', '/forgot-password', '/reset-password?token=none']) {
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
  await startPlaying(page)
  const video = page.locator('hls-video video')
  await expect.poll(() => video.evaluate((media: HTMLVideoElement) => media.currentTime)).toBeGreaterThan(0.5)
  await page.locator('media-settings-menu-button').click()
  await expect(page.getByRole('menuitem', { name: 'Quality' })).toBeVisible()

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

  const withIds = await createPagesWithIds(user, { videoId: id, machineId: created.machine.id })
  expect(Object.keys(withIds).sort(), 'a page is missing').toEqual(
    pagePaths.filter((at) => at.includes('[')).sort(),
  )
  for (const at of [...staticPages, ...Object.values(withIds)]) {
    expect((await page.goto(at))?.status(), at).toBe(200)
    await expect(page.locator('main')).toBeVisible()
  }
  await openPage(page, '/')
  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  expect(violations).toEqual([])
})

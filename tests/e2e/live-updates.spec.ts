import { generateMedia } from '@/tests/support/generate-media'
import {
  chooseFiles,
  createUser,
  expect,
  trackReloads,
  type TestUser,
  signIn,
  test,
  videoLink,
} from './fixtures'

test.describe.configure({ timeout: 180_000 })

/** Returns the id of the user's only video. */
async function fetchVideoId(user: TestUser) {
  const { videos } = (await (await user.fetch('/api/v1/videos')).json()) as { videos: { id: string }[] }
  return videos[0]!.id
}

/** Renames a video, retrying while the server restarts. */
async function renameVideo(user: TestUser, id: string, title: string) {
  const init = { method: 'PATCH', body: JSON.stringify({ title }) }
  await expect
    .poll(async () => (await user.fetch(`/api/v1/videos/${id}`, init).catch(() => null))?.status, {
      timeout: 60_000,
    })
    .toBe(200)
}

test('keeps five tabs in sync, and an offline one catches up without a reload @full', async ({
  home,
  browser,
  user,
  app,
}) => {
  const tabs = [home]
  while (tabs.length < 4) tabs.push(await home.context().newPage())
  for (const tab of tabs.slice(1)) await tab.goto('/videos')
  const offlineContext = await browser.newContext({ baseURL: app.url })
  const offline = await offlineContext.newPage()
  await signIn(offline, user)
  await offline.goto('/videos')
  const checks = await Promise.all([...tabs, offline].map(trackReloads))

  await chooseFiles(home, [await generateMedia('web-safe-1080.mp4')])
  for (const tab of tabs)
    await expect(tab.getByRole('progressbar', { name: 'Progress of web-safe-1080' })).toBeVisible()
  await offlineContext.setOffline(true)
  await expect(offline.getByText(/^Offline/)).toBeVisible()
  for (const tab of tabs) await expect(tab.getByText('Done · 1920 × 1080')).toBeVisible({ timeout: 90_000 })
  await expect(offline.getByText('Done · 1920 × 1080')).toBeHidden()
  await offlineContext.setOffline(false)
  await expect(offline.getByText('Done · 1920 × 1080')).toBeVisible({ timeout: 40_000 })
  for (const expectNoReload of checks) await expectNoReload()
  await offlineContext.close()
})

test('an open page survives restarts of the web process and the database', async ({ home, user, app }) => {
  await chooseFiles(home, [await generateMedia('silent.mp4')])
  await expect(videoLink(home, 'silent')).toBeVisible()
  const expectNoReload = await trackReloads(home)
  const id = await fetchVideoId(user)

  process.kill(app.findPid('dist/server.js'), 'SIGKILL')
  await expect(home.getByText(/^Offline/)).toBeVisible()
  await renameVideo(user, id, 'after the web process')
  await expect(videoLink(home, 'after the web process')).toBeVisible({ timeout: 40_000 })
  await expect(home.getByText(/^Offline/)).toBeHidden()

  process.kill(app.readPostmasterPid(), 'SIGKILL')
  await renameVideo(user, id, 'after the database')
  await expect(videoLink(home, 'after the database')).toBeVisible({ timeout: 40_000 })
  await expectNoReload()
})

test('never sends the rows of one user to another @full', async ({ home, browser, app }) => {
  const otherUser = await createUser(app)
  const context = await browser.newContext({ baseURL: app.url })
  const other = await context.newPage()
  const frames: string[] = []
  other.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))))
  await signIn(other, otherUser)
  await chooseFiles(home, [await generateMedia('silent.mp4')])
  await expect(home.getByText(/^Done/)).toBeVisible({ timeout: 60_000 })
  // Events arrive in order: once the later upload is here, an earlier leak would be too.
  await chooseFiles(other, [await generateMedia('song.mp3')])
  await expect(videoLink(other, 'song')).toBeVisible()
  expect(frames.join('\n')).toContain('song')
  expect(frames.join('\n')).not.toContain('silent')
  await expect(videoLink(other, 'silent')).toBeHidden()
  await context.close()
})

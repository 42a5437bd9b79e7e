import { makeMedia } from '@/tests/support/media'
import { chooseFiles, createPerson, expect, expectNoReload, type Person, signIn, test, title } from './house'

test.describe.configure({ timeout: 180_000 })

/** The one video of `person`. */
async function theVideo(person: Person) {
  const { videos } = (await (await person.ask('/api/v1/videos')).json()) as { videos: { id: string }[] }
  return videos[0]!.id
}

/** Tells the server until it hears: it may be about to start. */
async function rename(person: Person, id: string, to: string) {
  const init = { method: 'PATCH', body: JSON.stringify({ title: to }) }
  await expect
    .poll(async () => (await person.ask(`/api/v1/videos/${id}`, init).catch(() => null))?.status, {
      timeout: 60_000,
    })
    .toBe(200)
}

test('five tabs see the same, and one that was offline catches up without a reload @full', async ({
  home,
  browser,
  person,
  app,
}) => {
  const tabs = [home]
  while (tabs.length < 4) tabs.push(await home.context().newPage())
  for (const tab of tabs.slice(1)) await tab.goto('/videos')
  const away = await browser.newContext({ baseURL: app.url })
  const offline = await away.newPage()
  await signIn(offline, person)
  await offline.goto('/videos')
  const checks = await Promise.all([...tabs, offline].map(expectNoReload))

  await chooseFiles(home, [await makeMedia('web-safe-1080.mp4')])
  for (const tab of tabs)
    await expect(tab.getByRole('progressbar', { name: 'Progress of web-safe-1080' })).toBeVisible()
  await away.setOffline(true)
  await expect(offline.getByText('Not connected.')).toBeVisible()
  for (const tab of tabs) await expect(tab.getByText('Done · 1920 × 1080')).toBeVisible({ timeout: 90_000 })
  await expect(offline.getByText('Done · 1920 × 1080')).toBeHidden()
  await away.setOffline(false)
  await expect(offline.getByText('Done · 1920 × 1080')).toBeVisible({ timeout: 40_000 })
  for (const isSame of checks) await isSame()
  await away.close()
})

test('an open page outlasts restarts of the web process and of the database', async ({
  home,
  person,
  app,
}) => {
  await chooseFiles(home, [await makeMedia('silent.mp4')])
  await expect(title(home, 'silent')).toBeVisible()
  const isSame = await expectNoReload(home)
  const id = await theVideo(person)

  process.kill(app.processOf('server.ts'), 'SIGKILL')
  await expect(home.getByText('Not connected.')).toBeVisible()
  await rename(person, id, 'after the web process')
  await expect(title(home, 'after the web process')).toBeVisible({ timeout: 40_000 })
  await expect(home.getByText('Not connected.')).toBeHidden()

  process.kill(app.postmaster(), 'SIGKILL')
  await rename(person, id, 'after the database')
  await expect(title(home, 'after the database')).toBeVisible({ timeout: 40_000 })
  await isSame()
})

test('nobody sees what is somebody else’s', async ({ home, browser, app }) => {
  const stranger = await createPerson(app)
  const context = await browser.newContext({ baseURL: app.url })
  const other = await context.newPage()
  const frames: string[] = []
  other.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))))
  await signIn(other, stranger)
  await chooseFiles(home, [await makeMedia('silent.mp4')])
  await expect(home.getByText(/^Done/)).toBeVisible({ timeout: 60_000 })
  // What the stranger does later has arrived, so what came before it would have, too.
  await chooseFiles(other, [await makeMedia('song.mp3')])
  await expect(title(other, 'song')).toBeVisible()
  expect(frames.join('\n')).toContain('song')
  expect(frames.join('\n')).not.toContain('silent')
  await expect(title(other, 'silent')).toBeHidden()
  await context.close()
})

import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import type { VideoDto } from '@/lib/videos/schema'
import { generateMedia } from '@/tests/support/generate-media'
import { createUser, expect, openPage, signIn, test, type TestUser, videoLink } from './fixtures'

test.describe.configure({ timeout: 240_000 })

const post = <Body>(user: TestUser, at: string, body: object) =>
  user.fetchJson<Body>(at, { method: 'POST', body: JSON.stringify(body) })

async function uploadVideo(user: TestUser, name: string) {
  const body = readFileSync(await generateMedia('silent.mp4'))
  const response = await user.fetch(`/api/v1/videos?filename=${name}.mp4`, { method: 'POST', body })
  return ((await response.json()) as { video: VideoDto }).video
}

/** Whether an element has the focus, rather than the page as a whole. */
const hasFocus = (page: Page) => page.evaluate(() => document.activeElement !== document.body)
const expectFocusKept = (page: Page) => expect.poll(() => hasFocus(page)).toBe(true)

test('moves through the lists of all pages by keyboard, and lists the shortcuts @full', async ({
  page,
  app,
}) => {
  const admin = await createUser(app, { isAdmin: true })
  const video = await uploadVideo(admin, 'first')
  const second = await uploadVideo(admin, 'second')
  for (const name of ['one', 'two']) await post(admin, '/api/v1/keys', { name, scopes: ['read'] })
  for (const name of ['a', 'b']) await post(admin, '/api/v1/webhooks', { url: `https://example.com/${name}` })
  const playlist = await post<{ id: string }>(admin, '/api/v1/playlists', {
    name: 'Holiday',
    videoIds: [video.id, second.id],
  })
  await post(admin, '/api/v1/machines', {})
  await signIn(page, admin)
  await expect(page.getByText(/^Done/)).toHaveCount(2, { timeout: 90_000 })
  const rows = page.locator('main [data-row]').filter({ visible: true })
  const focusedRow = page.locator('main [data-row]:focus')
  for (const at of [
    '/',
    '/videos',
    '/activity',
    '/notifications',
    '/machines',
    '/account',
    '/account/webhooks',
    `/playlists/${playlist.id}`,
    '/admin/users',
    '/admin/queues',
    '/admin/tasks',
    '/admin/audit',
  ]) {
    await openPage(page, at)
    await expect(rows.first(), at).toBeVisible()
    await page.keyboard.press('j')
    await expect(rows.first(), at).toBeFocused()
    if ((await rows.count()) === 1) continue
    await page.keyboard.press('j')
    await expect(rows.nth(1), at).toBeFocused()
    await page.keyboard.press('k')
    await expect(rows.first(), at).toBeFocused()
  }

  await openPage(page, '/videos?sort=title')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await expect(page.getByLabel('Select first')).toBeChecked()
  await page.keyboard.press('j')
  await page.keyboard.press('Shift+x')
  await expect(page.getByLabel('Select second')).toBeChecked()
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(sheet.getByText('Next row')).toBeVisible()
  await expect(sheet.getByText('Select row')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await expect(videoLink(page, 'second')).toBeFocused()

  // Letters can be turned off. The command menu has the sheet as well.
  const singleKeys = page.getByRole('checkbox', { name: /^Single-key shortcuts/ })
  await page.keyboard.press('?')
  await singleKeys.uncheck()
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await page.keyboard.press('k')
  await expect(videoLink(page, 'second')).toBeFocused()
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('keyboard')
  await page.getByRole('option', { name: 'Keyboard shortcuts' }).click()
  await singleKeys.check()
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await expect(videoLink(page, 'second')).toBeFocused()

  await page.keyboard.press('Enter')
  // On the new page, it continues at the top.
  await expect(page.getByRole('heading', { name: 'second', level: 1 })).toBeFocused()
  await expect(focusedRow).toHaveCount(0)
})

test('keeps the focus when rows, dialogs and buttons go @full', async ({ page, app }) => {
  const admin = await createUser(app, { isAdmin: true })
  const videos = [await uploadVideo(admin, 'first'), await uploadVideo(admin, 'second')]
  const playlist = await post<{ id: string }>(admin, '/api/v1/playlists', {
    name: 'Holiday',
    videoIds: videos.map(({ id }) => id),
  })
  await signIn(page, admin)

  // The last two entries of a playlist.
  await openPage(page, `/playlists/${playlist.id}`)
  const removeEntry = (title: string) =>
    page.getByRole('button', { name: `Remove ${title} from the playlist` })
  await removeEntry('first').press('Enter')
  await expect(removeEntry('first')).toBeHidden()
  await expect(
    page.getByRole('region', { name: 'Videos of the playlist' }).locator('[data-row]'),
  ).toBeFocused()
  await page.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(removeEntry('first')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Undo' })).toBeHidden()
  await expectFocusKept(page)

  // A dialog whose trigger goes with its row, and then with the list.
  await post(admin, '/api/v1/keys', { name: 'one', scopes: ['read'] })
  await openPage(page, '/account')
  const revoke = page.getByRole('button', { name: /^Revoke (one|test) / })
  await expect(revoke).toHaveCount(2)
  await revoke.first().press('Enter')
  await page.getByRole('button', { name: 'Revoke key' }).press('Enter')
  await expect(revoke).toHaveCount(1)
  await expect(revoke).toBeFocused()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Revoke key' }).press('Enter')
  await expect(page.getByText('No API keys.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeFocused()

  // A button that is disabled until its action has ended.
  await openPage(page, '/admin/queues')
  await page
    .getByText(/^\d+ idle queues$/)
    .first()
    .press('Enter')
  const pause = page.locator('[data-queue="video.package"]').getByRole('button')
  await pause.press('Enter')
  await expect(pause).toHaveAccessibleName(/^Resume/)
  await expectFocusKept(page)
  await pause.press('Enter')
  await expect(page.getByRole('button', { name: 'Pause Packaging downloads' })).toHaveCount(1)
  await expectFocusKept(page)

  // A dialog that a menu opened, whose item is gone.
  await openPage(page, `/videos/${videos[0]!.id}`)
  const edit = page.getByRole('button', { name: 'Edit', exact: true })
  await edit.press('Enter')
  await page.getByRole('menuitem', { name: 'Replace file' }).press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(edit).toBeFocused()
})

import type { TaskDto } from '@/lib/tasks/schema'
import { createUser, expect, openPage, signIn, test, type TestUser, videoLink } from './fixtures'
import { expectFocusKept, post, press, upload } from './kept-focus'

test.use({ actionTimeout: 15_000 })
test.describe.configure({ timeout: 300_000 })

async function createVideos(user: TestUser, names: readonly string[]) {
  const ids: string[] = []
  for (const name of names) {
    const { video, task } = await upload(user, name)
    // What workers do with it is not the subject.
    await post(user, `/api/v1/tasks/${task.id}/cancel`)
    ids.push(video.id)
  }
  return ids
}

test('keeps the focus at the place of bulk actions in the library: delete, undo, clear @full', async ({
  page,
  user,
}) => {
  await createVideos(user, ['four', 'three', 'two', 'one'])
  await signIn(page, user)
  await openPage(page, '/videos')
  const rows = page.getByRole('list', { name: 'Videos' }).locator('[data-row]')
  const select = async (...names: string[]) => {
    for (const name of names) await page.getByLabel(`Select ${name}`).check()
  }
  await expect(rows).toHaveText(['one', 'two', 'three', 'four'])

  await select('two', 'three')
  await expectFocusKept(page, {
    act: () => press(page, 'Delete'),
    effect: () => expect(rows).toHaveText(['one', 'four']),
    at: videoLink(page, 'four'),
  })
  await expectFocusKept(page, {
    act: () => press(page, 'Undo'),
    effect: () => expect(rows).toHaveCount(4),
    at: videoLink(page, 'four'),
  })
  await select('two', 'three')
  await expectFocusKept(page, {
    act: () => press(page, 'Clear selection'),
    effect: () => expect(page.getByRole('toolbar')).toBeHidden(),
    at: videoLink(page, 'two'),
  })
})

test('keeps the focus in notifications that are read, one and all @full', async ({ page, user }) => {
  for (const name of ['one', 'two', 'three']) await upload(user, name, new Uint8Array(2_000).fill(1))
  const countUnread = async () => (await user.fetchJson<{ unreadCount: number }>('/api/v1/inbox')).unreadCount
  await expect.poll(countUnread, { timeout: 90_000 }).toBe(3)
  await signIn(page, user)
  await openPage(page, '/notifications?unread=true')
  const rows = page.getByRole('main').getByRole('listitem').filter({ hasText: 'could not be processed' })
  await expect(rows).toHaveCount(3)
  const next = await rows.nth(2).getByRole('link').getAttribute('href')
  await expectFocusKept(page, {
    act: () => rows.nth(1).getByRole('button').press('Enter'),
    effect: () => expect(rows).toHaveCount(2),
    at: page.getByRole('main').locator(`[data-row][href="${next}"]`),
  })
  await expectFocusKept(page, {
    act: () => press(page, 'Mark all as read'),
    effect: () => expect(rows).toHaveCount(0),
    at: page.locator('h1'),
  })
})

test('keeps the focus in machines and snapshots that are deleted @full', async ({ page, user }) => {
  const { machine } = await post<{ machine: { id: string } }>(user, '/api/v1/machines')
  const readMachine = () => user.fetchJson<{ state: string }>(`/api/v1/machines/${machine.id}`)
  await expect.poll(async () => (await readMachine()).state).toBe('running')
  for (const name of ['old', 'new']) {
    await post(user, `/api/v1/machines/${machine.id}/snapshots`, { name })
    const areDone = async () =>
      (await user.fetchJson<{ snapshots: { state: string }[] }>('/api/v1/snapshots')).snapshots.every(
        ({ state }) => state === 'done',
      )
    await expect.poll(areDone, { timeout: 30_000 }).toBe(true)
  }
  await signIn(page, user)
  await openPage(page, '/machines')
  await press(page, 'Delete new')
  await expectFocusKept(page, {
    act: () => press(page, 'Delete'),
    effect: () => expect(page.getByRole('button', { name: 'Delete new' })).toBeHidden(),
    at: page.getByRole('link', { name: 'Create machine from old' }),
  })
  await press(page, 'Delete old')
  await expectFocusKept(page, {
    act: () => press(page, 'Delete'),
    effect: () => expect(page.getByRole('heading', { name: 'Snapshots' })).toBeHidden(),
    at: page.locator('h1'),
  })
})

test('keeps the focus among dead letters: opened, dismissed in part, and all of a cause @full', async ({
  page,
  app,
}) => {
  const admin = await createUser(app, { isAdmin: true })
  const tasks = await Promise.all(
    ['one', 'two', 'three'].map((name) => upload(admin, name, new Uint8Array(2_000).fill(1))),
  )
  for (const { task } of tasks)
    await expect
      .poll(async () => (await admin.fetchJson<TaskDto>(`/api/v1/tasks/${task.id}`)).state, {
        timeout: 60_000,
      })
      .toBe('failed')
  await signIn(page, admin)
  await openPage(page, '/admin/dead-letters')
  const cause = page.getByRole('main').locator('h2 a').first()
  await expectFocusKept(page, {
    act: () => cause.press('Enter'),
    effect: () => expect(cause).toHaveAttribute('aria-expanded', 'true'),
    at: cause,
  })
  const letters = page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ has: page.getByRole('checkbox') })
  const own = letters.locator('li').filter({ hasText: admin.email })
  await expect(own).toHaveCount(3)
  const dismiss = async (name: RegExp) => {
    await press(page, name)
    await page.getByRole('textbox', { name: 'Reason' }).fill('A test.')
    await page.keyboard.press('Enter')
  }
  await own.nth(1).getByRole('checkbox').check()
  await expectFocusKept(page, {
    act: () => dismiss(/^Dismiss: selection/),
    effect: () => expect(own).toHaveCount(2),
    at: cause,
  })
  const text = await cause.textContent()
  await expectFocusKept(page, {
    act: () => dismiss(/^Dismiss: (?!selection)/),
    effect: () => expect(page.getByRole('link', { name: text!, exact: true })).toBeHidden(),
    at: page.locator('h1'),
  })
})

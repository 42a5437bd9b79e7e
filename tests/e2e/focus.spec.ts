// Over 200 lines because it covers the actions of every list and page with the same checks of the focus.

import { createUser, expect, openPage, readUserId, signIn, test } from './fixtures'
import { expectFocusKept, post, press, upload } from './kept-focus'

test.use({ actionTimeout: 15_000 })
test.describe.configure({ timeout: 300_000 })

test('keeps the focus in the library: tags, folders @full', async ({ page, user }) => {
  for (const name of ['one', 'two', 'three']) await upload(user, name)
  await signIn(page, user)
  await openPage(page, '/videos')
  const rows = page.getByRole('list', { name: 'Videos' }).getByRole('listitem')
  await expect(rows).toHaveCount(3)
  await page.getByLabel('Select one').press('Space')
  await expectFocusKept(page, {
    act: () => press(page, 'Tag'),
    effect: () => expect(page.getByRole('dialog')).toBeVisible(),
  })
  await page.getByRole('dialog').getByLabel('Add tags').fill('sea')
  await expectFocusKept(page, {
    act: () => press(page, 'Save'),
    effect: () => expect(rows.filter({ hasText: '#sea' })).toHaveCount(1),
  })
  await page.getByLabel('Select one').check()
  await press(page, 'Move')
  await page.getByRole('textbox', { name: 'New folder' }).fill('Harbour')
  await expectFocusKept(page, {
    act: () => press(page, 'Create and move'),
    effect: () => expect(page.getByText('Moved 1 video to “Harbour”')).toBeVisible(),
  })
})

test('keeps the focus on a video and on tasks: cancel, retry, delete @full', async ({ page, user }) => {
  const { video, task } = await upload(user, 'film')
  await post(user, `/api/v1/tasks/${task.id}/cancel`)
  await signIn(page, user)
  await openPage(page, `/tasks/${task.id}`)
  await expectFocusKept(page, {
    act: () => press(page, /^Retry/),
    effect: () => expect(page.getByRole('button', { name: /^Retry/ })).toBeHidden(),
  })
  await openPage(page, `/videos/${video.id}`)
  await expect(page.getByText(/^Done/).first()).toBeVisible({ timeout: 90_000 })
  await press(page, 'Add description')
  await page.getByRole('dialog').getByLabel('Description').fill('A film.')
  await expectFocusKept(page, {
    act: () => press(page, 'Save'),
    effect: () => expect(page.getByText('A film.')).toBeVisible(),
  })
  await press(page, 'Add chapters')
  await expectFocusKept(page, {
    act: () => press(page, 'Close'),
    effect: () => expect(page.getByRole('dialog')).toBeHidden(),
  })
  await expectFocusKept(page, {
    act: () => press(page, 'Delete'),
    effect: () => expect(page.getByText('Deleted “film”')).toBeVisible(),
  })
  await expectFocusKept(page, {
    act: () => press(page, 'Undo'),
    effect: () => expect(page.getByText('Deleted “film”')).toBeHidden(),
  })
})

test('keeps the focus on machines: stop, start, settings, snapshots, terminate @full', async ({
  page,
  user,
}) => {
  const { machine } = await post<{ machine: { id: string; name: string } }>(user, '/api/v1/machines')
  await signIn(page, user)
  await openPage(page, `/machines/${machine.id}`)
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  await expect(button('Stop')).toBeVisible({ timeout: 30_000 })
  await expectFocusKept(page, {
    act: () => press(page, 'Stop'),
    effect: () => expect(button('Start').first()).toBeVisible(),
  })
  await expectFocusKept(page, {
    act: () => press(page, 'Start'),
    effect: () => expect(button('Stop')).toBeVisible(),
  })
  await expectFocusKept(page, {
    act: () => page.getByRole('checkbox', { name: 'Termination protection' }).press('Space'),
    effect: () => expect(button('Terminate')).toBeDisabled(),
  })
  await expectFocusKept(page, {
    act: () => press(page, 'Undo'),
    effect: () => expect(button('Terminate')).toBeEnabled(),
  })
  await expectFocusKept(page, {
    act: () => press(page, 'More actions', 'Take snapshot'),
    effect: () => expect(page.getByText('Taking a snapshot', { exact: false }).first()).toBeVisible(),
  })
  await press(page, 'Terminate')
  await page.getByRole('dialog').getByRole('textbox').fill(machine.name)
  await expectFocusKept(page, {
    act: () => page.getByRole('dialog').getByRole('button', { name: 'Terminate' }).press('Enter'),
    effect: () => expect(button('Terminate')).toBeHidden(),
  })
  await openPage(page, '/machines')
  await press(page, new RegExp(`^Delete ${machine.name}`))
  await expectFocusKept(page, {
    act: () => press(page, 'Delete'),
    effect: () => expect(page.getByRole('heading', { name: 'Snapshots' })).toBeHidden(),
  })
})

test('keeps the focus on the account and on administrators’ pages @full', async ({ page, app }) => {
  const admin = await createUser(app, { isAdmin: true })
  const other = await createUser(app, { isAdmin: true })
  for (const url of ['a', 'b']) await post(admin, '/api/v1/webhooks', { url: `https://example.com/${url}` })
  const broken = await upload(admin, 'broken', new Uint8Array(2_000).fill(1))
  await signIn(page, admin)

  await openPage(page, '/account')
  await page.getByRole('textbox', { name: 'Name' }).fill('Ada')
  await expectFocusKept(page, {
    act: () => press(page, 'Change name'),
    effect: () => expect(page.getByText('Name changed.')).toBeVisible(),
  })
  await press(page, 'Create key')
  await page.getByRole('dialog').getByLabel('Name').fill('CI')
  await expectFocusKept(page, {
    act: () => page.getByRole('dialog').getByRole('button', { name: 'Create key' }).press('Enter'),
    effect: () => expect(page.getByText('Copy the key now.')).toBeVisible(),
  })
  await page.keyboard.press('Escape')
  await openPage(page, '/account/webhooks')
  await page.getByRole('link', { name: /example\.com\/a/ }).press('Enter')
  await expectFocusKept(page, {
    act: () => press(page, 'Turn off'),
    effect: () => expect(page.getByRole('button', { name: 'Turn on' })).toBeVisible(),
  })
  await press(page, 'Delete')
  await expectFocusKept(page, {
    act: () => page.getByRole('dialog').getByRole('button', { name: 'Delete' }).press('Enter'),
    effect: () => expect(page.getByRole('link', { name: /example\.com\/b/ })).toBeVisible(),
  })

  await openPage(page, `/admin/users/${await readUserId(other)}`)
  await press(page, 'Disable account')
  await expectFocusKept(page, {
    act: () => page.getByRole('dialog').getByRole('button', { name: 'Disable account' }).press('Enter'),
    effect: () => expect(page.getByRole('button', { name: /^Enable/ })).toBeVisible(),
  })
  await openPage(page, '/admin/users')
  await press(page, 'Invite user')
  await page.getByLabel('Email').last().fill('grace@example.com')
  await expectFocusKept(page, {
    act: () => press(page, 'Create link'),
    effect: () => expect(page.getByRole('dialog').getByText(/\/invite#/)).toBeVisible(),
  })
  await page.keyboard.press('Escape')
  await expectFocusKept(page, {
    act: () => press(page, 'Revoke the invitation of grace@example.com'),
    effect: () =>
      expect(page.getByRole('button', { name: 'Revoke the invitation of grace@example.com' })).toBeHidden(),
  })

  const failed = async () =>
    (await admin.fetchJson<{ state: string }>(`/api/v1/tasks/${broken.task.id}`)).state
  await expect.poll(failed, { timeout: 60_000 }).toBe('failed')
  await openPage(page, '/admin/dead-letters')
  await expectFocusKept(page, {
    act: () => press(page, /^Dismiss/),
    effect: () => expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible(),
  })
  await expectFocusKept(page, {
    act: () => press(page, 'Cancel'),
    effect: () => expect(page.getByRole('button', { name: /^Dismiss/ }).first()).toBeVisible(),
  })
  await press(page, /^Dismiss/)
  await page.getByRole('main').getByRole('textbox').last().fill('A test.')
  await expectFocusKept(page, {
    act: () => page.keyboard.press('Enter'),
    effect: () => expect(page.getByText(/^Dismissed/).first()).toBeVisible(),
  })
})

import { generateMedia } from '@/tests/support/generate-media'
import { chooseFiles, expect, expectAccessible, openPage, test, videoLink } from './fixtures'

test('counts what happened at the bell, links to it, and shares what is read with other devices @full', async ({
  home,
  app,
  user,
  browser,
}) => {
  const device = await browser.newContext({ baseURL: app.url })
  const elsewhere = await device.newPage()
  const options = { data: { email: user.email, password: user.password }, headers: { origin: app.url } }
  expect((await elsewhere.request.post('/api/auth/sign-in/email', options)).ok()).toBe(true)
  await openPage(elsewhere, '/machines')
  const bell = home.getByRole('button', { name: /^Notifications/ })
  const otherBell = elsewhere.getByRole('button', { name: /^Notifications/ })
  await expect(bell).toHaveAccessibleName('Notifications')

  await chooseFiles(home, [await generateMedia('silent.mp4')])
  await expect(bell).toHaveAccessibleName('Notifications, 1 unread', { timeout: 60_000 })
  await expect(otherBell).toHaveAccessibleName('Notifications, 1 unread')
  await expect(elsewhere.locator('[aria-live]').filter({ hasText: 'silent is ready' })).toBeAttached()

  await bell.click()
  const panel = home.getByRole('dialog', { name: 'Notifications' })
  await expect(panel.getByRole('link', { name: 'silent is ready' })).toBeVisible()
  await expectAccessible(home)
  await panel.getByRole('link', { name: 'silent is ready' }).click()
  await expect(home.getByRole('heading', { name: 'silent' })).toBeVisible()
  await expect(bell).toHaveAccessibleName('Notifications')
  await expect(otherBell).toHaveAccessibleName('Notifications')

  await openPage(elsewhere, '/notifications')
  await elsewhere.getByRole('button', { name: 'Mark “silent is ready” as unread' }).click()
  await expect(otherBell).toHaveAccessibleName('Notifications, 1 unread')
  await expectAccessible(elsewhere)
  await elsewhere.getByRole('button', { name: 'Mark all as read' }).click()
  await elsewhere.getByRole('link', { name: 'Unread', exact: true }).click()
  await expect(elsewhere.getByText('No unread notifications.')).toBeVisible()
  await device.close()
})

test('shows each kind of event where its switches say @full', async ({ home }) => {
  await openPage(home, '/account')
  const isSaved = () => home.waitForResponse((response) => response.url().endsWith('/api/v1/notifications'))
  await Promise.all([isSaved(), home.getByLabel('Video ready: In app').uncheck()])
  await home.reload()
  await expect(home.getByLabel('Video ready: In app')).not.toBeChecked()
  await expect(home.getByLabel('Video ready: Email')).toBeChecked()
  await expectAccessible(home)
  await openPage(home, '/')
  await chooseFiles(home, [await generateMedia('silent.mp4')])
  await expect(videoLink(home, 'silent')).toBeVisible()
  const recent = home.locator('section').filter({ has: home.getByRole('heading', { name: 'Recent' }) })
  await expect(recent.getByText('silent', { exact: true })).toBeVisible({ timeout: 60_000 })
  await expect(home.getByRole('button', { name: 'Notifications', exact: true })).toBeVisible()
})

test('leaves a trace of refused files in the activity, with the reason @full', async ({ home }) => {
  const recorded = home.waitForResponse((response) => response.url().endsWith('/api/v1/refused-files'))
  const picker = home.getByTestId('file-input')
  await picker.setInputFiles({ name: 'letter.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF') })
  await recorded
  // Only the server can judge this one.
  await picker.setInputFiles({
    name: 'notes.bin',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('Notes about a film, and no film. '.repeat(50)),
  })
  await expect(home.getByRole('button', { name: 'Notifications, 1 unread' })).toBeVisible()
  await openPage(home, '/activity')
  await expect(home.getByRole('link', { name: /letter\.pdf.*Uploading.*Failed/ })).toBeVisible()
  await home.getByRole('link', { name: /notes\.bin.*Uploading.*Failed/ }).click()
  await expect(home.getByRole('heading', { name: 'Uploading notes.bin' })).toBeVisible()
  await expect(home.getByTestId('task-error').filter({ hasText: 'not a video' })).toBeVisible()
  await expect(home.getByRole('button', { name: /^Retry/ })).toBeHidden()
  await expectAccessible(home)
})

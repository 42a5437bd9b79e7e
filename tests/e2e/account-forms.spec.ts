import type { UserDetailDto } from '@/lib/users/schema'
import { createUser, expect, openPage, signIn, test } from './fixtures'

test.use({ env: { MACHINES: 'off' } })

test.describe('before the scripts have loaded', () => {
  test.use({ javaScriptEnabled: false })

  for (const at of ['/sign-in', '/sign-up', '/reset-password?token=none', '/invite'])
    test(`${at} never puts a password into its address @full`, async ({ page, app }) => {
      // Otherwise /sign-in redirects to the set-up of the server.
      await createUser(app, { isAdmin: true })
      await page.goto(at)
      await page.getByLabel('Password', { exact: false }).first().fill('correct-horse-battery')
      const email = page.getByLabel('Email')
      if (await email.count()) await email.fill('ada@example.com')
      const request = page.waitForRequest((sent) => sent.isNavigationRequest())
      await page.locator('button[type=submit]').click()
      expect((await request).method()).toBe('POST')
      expect((await request).url()).not.toContain('correct-horse-battery')
    })
})

test('keeps both filters of the audit log when they are typed in quick succession @full', async ({
  page,
  app,
}) => {
  await signIn(page, await createUser(app, { isAdmin: true }))
  await openPage(page, '/admin/audit')
  // The page of the first filter is still loading when the second is requested.
  let release = () => {}
  const isReleased = new Promise<void>((resolve) => (release = resolve))
  await page.route(/\/admin\/audit\?actor=ada&?(?!.*text)/, async (route) => {
    await isReleased
    await route.continue()
  })
  const first = page.waitForRequest(/actor=ada/)
  await page.getByLabel('Search by user').fill('ada')
  await first
  await page.getByLabel('Search by text').fill('firefox')
  await page.waitForRequest(/text=firefox/)
  release()
  await expect(page).toHaveURL(/actor=ada&text=firefox/)
})

test('changes only the limits that were edited, and shows parts of a unit @full', async ({ page, app }) => {
  const admin = await createUser(app, { isAdmin: true })
  const { email } = await createUser(app)
  const { users } = await admin.fetchJson<{ users: UserDetailDto[] }>(
    `/api/v1/admin/users?${new URLSearchParams({ search: email })}`,
  )
  const at = `/api/v1/admin/users/${users[0]!.id}`
  const limits = { storageBytes: 1_234_567_891, memoryMiB: 1500 }
  expect((await admin.fetch(at, { method: 'PATCH', body: JSON.stringify({ limits }) })).ok).toBe(true)
  await signIn(page, admin)
  await openPage(page, `/admin/users/${users[0]!.id}`)
  await expect(page.getByLabel('Storage, GiB')).toHaveValue('1.15')
  await expect(page.getByRole('button', { name: 'Save limits' })).toBeDisabled()
  await page.getByLabel('Machines', { exact: true }).fill('3')
  await page.getByRole('button', { name: 'Save limits' }).click()
  await expect(page.getByText('Limits saved')).toBeVisible()
  const changed = await admin.fetchJson<UserDetailDto>(at)
  expect(changed.limits).toMatchObject({ ...limits, machines: 3, cpus: null, diskMiB: null })
})

test('hides a new key once it is revoked, and says that none is left @full', async ({ home }) => {
  await openPage(home, '/account')
  await home.getByRole('button', { name: 'Create key' }).click()
  const form = home.getByRole('dialog')
  await form.getByLabel('Name').fill('CI')
  await form.getByRole('button', { name: 'Create key' }).click()
  await expect(home.getByText('Copy the key now.')).toBeVisible()
  await home.getByRole('button', { name: 'Revoke CI' }).click()
  await home.getByRole('button', { name: 'Revoke key' }).click()
  await expect(home.getByText('Copy the key now.')).toBeHidden()
  // The one with which the test prepares.
  await home.getByRole('button', { name: 'Revoke test' }).click()
  await home.getByRole('button', { name: 'Revoke key' }).click()
  await expect(home.getByText('No API keys.')).toBeVisible()
})

test('requires the words and the password again after a canceled deletion of an account @full', async ({
  home,
  user,
}) => {
  await openPage(home, '/account')
  await home.getByRole('button', { name: 'Delete account' }).click()
  const dialog = home.getByRole('dialog')
  await dialog.getByLabel(`Type ${user.email} to confirm`).fill(user.email)
  await dialog.getByLabel('Password').fill(user.password)
  await expect(dialog.getByRole('button', { name: 'Delete account' })).toBeEnabled()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await home.getByRole('button', { name: 'Delete account' }).click()
  await expect(dialog.getByLabel('Password')).toHaveValue('')
  await expect(dialog.getByRole('button', { name: 'Delete account' })).toBeDisabled()
})

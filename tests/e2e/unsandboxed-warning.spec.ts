import { createUser, expect, expectAccessible, signIn, test } from './fixtures'

test.use({ env: { MEDIA_SANDBOX: 'off', MACHINES: 'off' } })

test('warns administrators that uploaded files are not isolated @full', async ({ page, app }) => {
  await signIn(page, await createUser(app, { isAdmin: true }))
  const warning = page
    .getByRole('alert')
    .filter({ hasText: 'Uploaded files are not isolated from this server' })
  await expect(warning).toBeVisible()
  await warning.getByRole('link', { name: 'View details' }).click()
  await expect(page.getByText('could read files of this server')).toBeVisible()
  await expectAccessible(page)
  const health = await page.request.get('/api/health')
  expect([health.status(), await health.text()]).toEqual([200, expect.stringContaining('MEDIA_SANDBOX=off')])
})

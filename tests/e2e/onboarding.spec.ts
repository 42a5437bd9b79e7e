import { createUser, expect, expectAccessible, openPage, signIn, test, videoLink } from './fixtures'

test('shows an administrator the first steps, which tick themselves, until dismissed @full', async ({
  page,
  app,
}) => {
  const admin = await createUser(app, { isAdmin: true })
  await signIn(page, admin)
  await expect(page.getByText('Set up this server')).toBeVisible()
  const step = (title: string) => page.getByRole('listitem').filter({ hasText: title })
  await expect(step('Send mail').getByLabel('To do')).toBeVisible()
  await expect(step('Send mail')).toContainText('Set SMTP_URL')
  // The worker reports its storage a moment after the start.
  await expect(step('Store files').getByLabel('Done')).toBeVisible({ timeout: 30_000 })
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await expect(page.getByText('Set up this server')).toBeHidden()
  await openPage(page, '/')
  await expect(page.getByText('Set up this server')).toBeHidden()
})

test('offers a sample video and a tiny machine to a new user, in one click each @full', async ({ home }) => {
  await expect(home.getByText('Set up this server')).toBeHidden()
  await home.getByRole('button', { name: 'Try a sample video' }).click()
  await expect(videoLink(home, 'Sample')).toBeVisible()
  await expect(home.getByText(/^Done/)).toBeVisible({ timeout: 90_000 })
  await home.getByRole('button', { name: 'Create tiny machine' }).click()
  await expect(home.getByRole('region', { name: 'Console' })).toBeVisible()
})

import { OIDC_CLIENT, startOidcProvider } from '@/tests/support/oidc-provider'
import { expireConfirmations } from './expire-confirmations'
import { test as base, createUser, expect, expectAccessible, openPage } from './fixtures'

type Provider = Awaited<ReturnType<typeof startOidcProvider>>

const test = base.extend<object, { provider: Provider }>({
  provider: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const provider = await startOidcProvider()
      await use(provider)
      await provider.stop()
    },
    { scope: 'worker' },
  ],
  env: [
    async ({ provider }, use) =>
      use({
        MACHINES: 'off',
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: OIDC_CLIENT.id,
        OIDC_CLIENT_SECRET: OIDC_CLIENT.secret,
        OIDC_NAME: 'Example Corp',
        OIDC_SIGN_UP: 'open',
      }),
    { scope: 'worker' },
  ],
})

test('a user without a password confirms the identity by signing in at the provider again @full', async ({
  page,
  app,
  provider,
}) => {
  await createUser(app, { isAdmin: true })
  provider.open([`${app.url}/api/auth/callback/oidc`])
  const email = 'grace@example.com'
  provider.use('grace', { email, email_verified: true, name: 'Grace Hopper' })
  await expect(async () => {
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Continue with Example Corp' }).click()
    await expect(page.getByRole('heading', { name: 'Drop videos anywhere' })).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 40_000 })

  const createKey = async () => {
    await page.getByRole('button', { name: 'Create key' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('Name').fill('CI')
    await form.getByRole('button', { name: 'Create key' }).click()
  }
  await expireConfirmations(app)
  await openPage(page, '/account')
  await createKey()
  const dialog = page.getByRole('dialog', { name: 'Confirm that it’s you' })
  await expect(dialog.getByRole('button', { name: 'Sign in again with Example Corp' })).toBeVisible()
  await expect(dialog.getByLabel('Password')).toBeHidden()
  await expectAccessible(page)
  const authorization = page.waitForRequest((request) => request.url().startsWith(`${provider.issuer}/auth`))
  const returned = page.waitForRequest((request) => request.url() === `${app.url}/account`)
  await dialog.getByRole('button', { name: 'Sign in again with Example Corp' }).click()
  expect(new URL((await authorization).url()).searchParams.get('prompt')).toBe('login')
  await returned

  await openPage(page, '/account')
  await createKey()
  await expect(page.getByText('Copy the key now.')).toBeVisible()
  // The session from before has been replaced.
  await openPage(page, '/account/security')
  await expect(page.getByRole('list', { name: 'Sessions' }).getByRole('listitem')).toHaveCount(1)
})

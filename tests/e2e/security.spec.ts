import { computeTotp } from '@/tests/support/totp'
import type { App } from '@/tests/support/app'
import type { Page } from '@playwright/test'
import { addAuthenticator } from './add-authenticator'
import { expireConfirmations } from './expire-confirmations'
import { expect, expectAccessible, openPage, type TestUser, test } from './fixtures'

test.use({ env: { MACHINES: 'off' } })

/** Browsers refuse passkeys for IP addresses. */
const localhost = (app: App, path: string) => `${app.url.replace('127.0.0.1', 'localhost')}${path}`

async function enterPassword(page: Page, app: App, user: TestUser) {
  await page.goto(localhost(app, '/sign-in'))
  await page.waitForFunction(() => document.readyState === 'complete')
  await submitPassword(page, user)
}

async function submitPassword(page: Page, user: TestUser) {
  await page.getByLabel('Email').fill(user.email)
  await page.getByLabel('Password').fill(user.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

const expectHome = (page: Page) =>
  expect(page.getByRole('heading', { name: 'Drop videos anywhere' })).toBeVisible()

test('secures an account with an authenticator app and a passkey @full', async ({ page, app, user }) => {
  await addAuthenticator(page)
  await enterPassword(page, app, user)
  await expectHome(page)
  await openPage(page, localhost(app, '/account/security'))
  await expect(page.getByRole('heading', { name: 'Two-factor authentication' })).toBeVisible()
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Set up' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Password').fill(user.password)
  await dialog.getByRole('button', { name: 'Continue' }).click()
  await expect(dialog.getByRole('img', { name: 'QR code' })).toBeVisible()
  await expectAccessible(page)
  const uri = `otpauth://totp/x?secret=${await dialog.locator('code').textContent()}`
  await dialog.getByLabel('Code').fill(computeTotp(uri))
  await dialog.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByText('Copy the recovery codes now.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Turn off' })).toBeVisible()

  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByRole('list', { name: 'Passkeys' }).getByText('Passkey 1')).toBeVisible()
  await expectAccessible(page)

  await page.context().clearCookies()
  await enterPassword(page, app, user)
  await expect(page.getByRole('heading', { name: 'Two-factor authentication' })).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Back to sign in' }).click()
  await submitPassword(page, user)
  await page.getByLabel('Code').fill(computeTotp(uri))
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectHome(page)

  await page.context().clearCookies()
  await page.goto(localhost(app, '/sign-in'))
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expectHome(page)

  await expireConfirmations(app)
  await openPage(page, localhost(app, '/account/security'))
  await page.getByRole('button', { name: 'Remove Passkey 1' }).click()
  await page.getByRole('button', { name: 'Remove passkey', exact: true }).click()
  await expect(dialog.getByRole('heading', { name: 'Confirm that it’s you' })).toBeVisible()
  await expectAccessible(page)
  await dialog.getByLabel('Password').fill(user.password)
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  // Everything else is hidden while it is open.
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('list', { name: 'Passkeys' })).toBeHidden()

  const others = page.getByRole('list', { name: 'Sessions' }).getByRole('button', { name: 'Sign out' })
  await expect(others).not.toHaveCount(0)
  await page.getByRole('button', { name: 'Sign out all others' }).click()
  await expect(others).toHaveCount(0)
})

test('asks to confirm the identity before an old session creates a key, and changes name and password @full', async ({
  page,
  app,
  user,
}) => {
  await enterPassword(page, app, user)
  await expectHome(page)
  await expireConfirmations(app)
  await openPage(page, localhost(app, '/account'))
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Create key' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Name').fill('CI')
  await form.getByRole('button', { name: 'Create key' }).click()
  const confirmation = page.getByRole('dialog', { name: 'Confirm that it’s you' })
  await confirmation.getByLabel('Password').fill('wrong-password')
  await confirmation.getByRole('button', { name: 'Confirm' }).click()
  await expect(confirmation.getByRole('alert')).toHaveText('Wrong password.')
  await confirmation.getByLabel('Password').fill(user.password)
  await confirmation.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByText('Copy the key now.')).toBeVisible()

  await page.getByRole('textbox', { name: 'Name' }).fill('Ada Lovelace')
  await page.getByRole('button', { name: 'Change name' }).click()
  await expect(page.getByText('Name changed.')).toBeVisible()
  await openPage(page, localhost(app, '/account/security'))
  await page.getByLabel('Current password').fill(user.password)
  await page.getByLabel('New password').fill('another-horse-battery')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByText('Password changed.')).toBeVisible()
})

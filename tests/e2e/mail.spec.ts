import { randomUUID } from 'node:crypto'
import { createUser, expect, expectAccessible, signIn, test } from './fixtures'

test.use({ env: { SIGN_UP: 'open', MACHINES: 'off' } })

test('verifies an address and resets a password with links from the administrator’s outbox @full', async ({
  page,
  app,
  browser,
}) => {
  const administrator = await createUser(app, { isAdmin: true })
  const email = `${randomUUID()}@example.com`
  const guest = await (await browser.newContext({ baseURL: app.url })).newPage()
  await guest.goto('/sign-up')
  await guest.getByLabel('Name').fill('<b>Ada</b>')
  await guest.getByLabel('Email').fill(email)
  await guest.getByLabel('Password').fill('first-password')
  await guest.getByRole('button', { name: 'Create account' }).click()
  await expect(guest.getByRole('heading', { name: 'Drop videos anywhere' })).toBeVisible()

  await signIn(page, administrator)
  /** The first link of the newest sent mail to the guest. */
  const linkIn = async (subject: string) => {
    await page.goto('/admin/mail')
    await page
      .getByRole('link', { name: new RegExp(`${subject}.*${email}.*Sent`) })
      .first()
      .click({ timeout: 20_000 })
    const letter = page.frameLocator(`iframe[title="${subject}"]`)
    await expect(letter.getByText('Hello <b>Ada</b>')).toBeVisible()
    return (await letter.getByRole('link').first().getAttribute('href'))!
  }
  await guest.goto('/account')
  await expect(guest.getByText('Verify your email address')).toBeVisible()
  await guest.getByRole('button', { name: 'Resend link' }).click()
  await expect(guest.getByRole('status')).toHaveText('We sent you a new link.')
  await expectAccessible(guest)
  await guest.goto(await linkIn('Verify your email address'))
  await guest.goto('/account')
  await expect(guest.getByRole('heading', { name: 'API keys' })).toBeVisible()
  await expect(guest.getByText('Verify your email address')).toBeHidden()

  await guest.context().clearCookies()
  await guest.goto('/sign-in')
  await guest.getByRole('link', { name: 'Forgot your password?' }).click()
  // The previous page has a field with the same label.
  await expect(guest.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible()
  await guest.getByLabel('Email').fill(email)
  await expectAccessible(guest)
  await guest.getByRole('button', { name: 'Send link' }).click()
  await expect(guest.getByRole('status')).toContainText('we sent it a link to reset the password')
  await guest.goto(await linkIn('Reset your password'))
  await guest.getByLabel('New password').fill('second-password')
  await guest.getByRole('button', { name: 'Set password' }).click()
  await expect(guest.getByText('Password changed. Sign in with the new one.')).toBeVisible()
  await signIn(guest, { email, password: 'second-password' })

  await guest.goto('/account')
  const saved = () => guest.waitForResponse((answer) => answer.url().endsWith('/api/v1/notifications'))
  await Promise.all([saved(), guest.getByLabel('Video ready', { exact: true }).uncheck()])
  await guest.getByRole('combobox', { name: 'Frequency' }).click()
  await Promise.all([saved(), guest.getByRole('option', { name: 'Daily summary' }).click()])
  await guest.reload()
  await expect(guest.getByLabel('Video ready', { exact: true })).not.toBeChecked()
  await expect(guest.getByRole('combobox', { name: 'Frequency' })).toHaveText('Daily summary')
  // Mail pages are for administrators only.
  await guest.goto('/admin/mail')
  await expect(guest.getByRole('heading', { name: 'Page not found' })).toBeVisible()

  await page.goto('/admin/mail/preview')
  await expect(page.frameLocator('iframe').first().getByText('Order 1042: build-box')).toBeVisible()
})

import { randomUUID } from 'node:crypto'
import { createUser, expect, expectAccessible, signIn, test, selectedOption } from './fixtures'

test.use({ env: { SIGN_UP: 'open', MACHINES: 'off' } })

test('verifies an address and resets a password with links from the administrator’s outbox @full', async ({
  page,
  app,
  browser,
}) => {
  const administrator = await createUser(app, { isAdmin: true })
  const email = `${randomUUID()}@example.com`
  const visitor = await (await browser.newContext({ baseURL: app.url })).newPage()
  await visitor.goto('/sign-up')
  await visitor.getByLabel('Name').fill('<b>Ada</b>')
  await visitor.getByLabel('Email').fill(email)
  await visitor.getByLabel('Password').fill('first-password')
  await visitor.getByRole('button', { name: 'Create account' }).click()
  await expect(visitor.getByRole('heading', { name: 'Drop videos anywhere' })).toBeVisible()

  await signIn(page, administrator)
  /** Returns the first link of the newest mail sent to the visitor. */
  const readLink = async (subject: string) => {
    await page.goto('/admin/mail')
    await page
      .getByRole('link', { name: new RegExp(`${subject}.*${email}.*Stored`) })
      .first()
      .click({ timeout: 20_000 })
    const message = page.frameLocator(`iframe[title="${subject}"]`)
    await expect(message.getByText('Hello “<b>Ada</b>”')).toBeVisible()
    return (await message.getByRole('link').first().getAttribute('href'))!
  }
  await visitor.goto('/account')
  await expect(visitor.getByText('Verify your email address')).toBeVisible()
  await visitor.getByRole('button', { name: 'Resend link' }).click()
  await expect(visitor.getByRole('status')).toHaveText('We sent you a new link.')
  await expectAccessible(visitor)
  await visitor.goto(await readLink('Verify your email address'))
  await visitor.goto('/account')
  await expect(visitor.getByRole('heading', { name: 'API keys' })).toBeVisible()
  await expect(visitor.getByText('Verify your email address')).toBeHidden()

  await visitor.context().clearCookies()
  await visitor.goto('/sign-in')
  await visitor.getByRole('link', { name: 'Forgot your password?' }).click()
  // The previous page has a field with the same label.
  await expect(visitor.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible()
  await visitor.getByLabel('Email').fill(email)
  await expectAccessible(visitor)
  await visitor.getByRole('button', { name: 'Send link' }).click()
  await expect(visitor.getByRole('status')).toContainText('we sent it a link to reset the password')
  await visitor.goto(await readLink('Reset your password'))
  await visitor.getByLabel('New password').fill('second-password')
  await visitor.getByRole('button', { name: 'Set password' }).click()
  await expect(visitor.getByText('Password changed. Sign in with the new one.')).toBeVisible()
  await signIn(visitor, { email, password: 'second-password' })

  await visitor.goto('/account')
  const saved = () => visitor.waitForResponse((response) => response.url().endsWith('/api/v1/notifications'))
  await Promise.all([saved(), visitor.getByLabel('Video ready: Email').uncheck()])
  await visitor.getByRole('combobox', { name: 'Email frequency' }).click()
  await Promise.all([saved(), visitor.getByRole('option', { name: 'Daily summary' }).click()])
  await visitor.reload()
  await expect(visitor.getByLabel('Video ready: Email')).not.toBeChecked()
  await expect(selectedOption(visitor, 'Email frequency')).toHaveText('Daily summary')
  // Mail pages are for administrators only.
  await visitor.goto('/admin/mail')
  await expect(visitor.getByRole('heading', { name: 'Page not found' })).toBeVisible()

  await page.goto('/admin/mail/preview')
  await expect(page.frameLocator('iframe').first().getByText('Order 1042: build-box')).toBeVisible()
})

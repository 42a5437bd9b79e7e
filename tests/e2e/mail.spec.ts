import { randomUUID } from 'node:crypto'
import { createUser, expect, expectAccessible, signIn, test } from './fixtures'

test.use({ env: { SIGN_UP: 'open', MACHINES: 'off' } })

test('an address is confirmed and a password reset by mails that the administrator reads in the outbox @full', async ({
  page,
  app,
  browser,
}) => {
  const administrator = await createUser(app, { isAdmin: true })
  const email = `${randomUUID()}@example.com`
  const guest = await (await browser.newContext({ baseURL: app.url })).newPage()
  await guest.goto('/sign-up')
  await guest.getByLabel('Name').fill('<b>Ada</b>')
  await guest.getByLabel('E-mail').fill(email)
  await guest.getByLabel('Password').fill('first-password')
  await guest.getByRole('button', { name: 'Create account' }).click()
  await expect(guest.getByRole('heading', { name: 'Drop videos anywhere' })).toBeVisible()

  await signIn(page, administrator)
  /** Where the link of the newest mail to the guest leads that was sent. */
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
  await expect(guest.getByText('This address is not confirmed')).toBeVisible()
  await guest.getByRole('button', { name: 'Send the link again' }).click()
  await expect(guest.getByRole('status')).toHaveText('Another link is on its way.')
  await expectAccessible(guest)
  await guest.goto(await linkIn('Confirm your address'))
  await guest.goto('/account')
  await expect(guest.getByRole('heading', { name: 'API keys' })).toBeVisible()
  await expect(guest.getByText('This address is not confirmed')).toBeHidden()

  await guest.context().clearCookies()
  await guest.goto('/sign-in')
  await guest.getByRole('link', { name: 'Forgot your password?' }).click()
  // The page before has a field of the same name.
  await expect(guest.getByRole('heading', { name: 'Forgot your password?' })).toBeVisible()
  await guest.getByLabel('E-mail').fill(email)
  await expectAccessible(guest)
  await guest.getByRole('button', { name: 'Send the link' }).click()
  await expect(guest.getByRole('status')).toContainText('a link is on its way')
  await guest.goto(await linkIn('Choose a new password'))
  await guest.getByLabel('New password').fill('second-password')
  await guest.getByRole('button', { name: 'Set the password' }).click()
  await expect(guest.getByText('Your password is changed.')).toBeVisible()
  await signIn(guest, { email, password: 'second-password' })

  await guest.goto('/account')
  const kept = () => guest.waitForResponse((answer) => answer.url().endsWith('/api/v1/notifications'))
  await Promise.all([kept(), guest.getByLabel('A video is ready', { exact: true }).uncheck()])
  await guest.getByRole('combobox', { name: 'When' }).click()
  await Promise.all([kept(), guest.getByRole('option', { name: 'In one mail each morning' }).click()])
  await guest.reload()
  await expect(guest.getByLabel('A video is ready', { exact: true })).not.toBeChecked()
  await expect(guest.getByRole('combobox', { name: 'When' })).toHaveText(/morning/)
  // Mail is an administrator's.
  await guest.goto('/admin/mail')
  await expect(guest.getByRole('heading', { name: 'Page not found' })).toBeVisible()

  await page.goto('/admin/mail/preview')
  await expect(page.frameLocator('iframe').first().getByText('Your order 1042: build-box')).toBeVisible()
})

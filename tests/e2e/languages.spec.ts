import type { Page } from '@playwright/test'
import { createUser, expect, openPage, test, type TestUser } from './fixtures'

test.use({ locale: 'de-DE' })

test('speaks the language of the browser until the user chooses another one, on all devices', async ({
  app,
  browser,
  page,
}) => {
  await openPage(page, '/sign-in')
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  const user = await createUser(app)
  await signInFromPage(page, user)
  await openPage(page, '/account')
  const language = page.getByRole('combobox', { name: 'Sprache' })
  await expect(language).toHaveText('Deutsch')
  await language.click()
  await page.getByRole('option', { name: 'English' }).click()
  await expect(page.getByRole('combobox', { name: 'Language' })).toHaveText('English')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')

  const context = await browser.newContext({ locale: 'de-DE', baseURL: app.url })
  const other = await context.newPage()
  await openPage(other, '/sign-in')
  await signInFromPage(other, user)
  await other.goto('/account')
  await expect(other.locator('html')).toHaveAttribute('lang', 'en')
  await context.close()
})

/** Requests of the page have the header Accept-Language; those of the test do not. */
async function signInFromPage(page: Page, { email, password }: TestUser) {
  const status = await page.evaluate(async (body) => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch('/api/auth/sign-in/email', { method: 'POST', headers, body })).status
  }, JSON.stringify({ email, password }))
  expect(status).toBe(200)
}

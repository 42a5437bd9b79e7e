import { createUser, expect, test } from './fixtures'

test.use({ actionTimeout: 15_000, locale: 'de-DE' })

// Until there is an account, the sign-in page leads to the page that creates one.
test.beforeEach(async ({ app }) => void (await createUser(app)))

test('lists the keyboard shortcuts on the sign-in page too, and leaves what is typed alone @full', async ({
  page,
}) => {
  await page.goto('/sign-in')
  const sheet = page.getByRole('dialog', { name: 'Tastenkürzel' })
  await page.getByRole('button', { name: 'Tastenkürzel' }).click()
  await expect(sheet).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await page.getByLabel('E-Mail-Adresse').press('?')
  await expect(page.getByLabel('E-Mail-Adresse')).toHaveValue('?')
  await expect(sheet).toBeHidden()
  await page.getByRole('link').first().focus()
  await page.keyboard.press('?')
  await expect(sheet.getByRole('heading', { level: 3 })).toHaveText(['Überall'])
  // There is no command menu.
  await expect(sheet.getByRole('term')).toHaveCount(1)
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })
  test('lets users without an account choose a language, where they are @full', async ({ page }) => {
    const html = page.locator('html')
    for (const at of ['/sign-in', '/sign-in?reset=done']) {
      await page.context().clearCookies()
      await page.goto(at)
      await expect(html).toHaveAttribute('lang', 'de')
      await page.getByRole('button', { name: 'English' }).click()
      await expect(html).toHaveAttribute('lang', 'en')
      await expect(page).toHaveURL(at)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
    }
  })
})

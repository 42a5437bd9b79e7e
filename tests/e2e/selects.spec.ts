import { expect, expectAccessible, openPage, test } from './fixtures'

test.use({ actionTimeout: 15_000 })

test('open lists of selects are accessible, light and dark, and Escape closes only them in a dialog @full', async ({
  home: page,
}) => {
  await openPage(page, '/account')
  const language = page.getByRole('combobox', { name: 'Language' })
  for (const width of [1280, 390])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 844 })
      await page.emulateMedia({ colorScheme })
      await language.press('Enter')
      await expect(page.getByRole('option', { name: 'Deutsch' })).toBeVisible()
      await expectAccessible(page)
      // What is typed finds an option, and is no shortcut of the page.
      await page.keyboard.press('?')
      await expect(page.getByRole('dialog')).toBeHidden()
      await expect(page.getByRole('option', { name: 'Deutsch' })).toBeVisible()
      await page.keyboard.press('Escape')
      await expect(language).toBeFocused()
    }

  await page.getByRole('button', { name: 'Create key' }).press('Enter')
  const expires = page.getByRole('combobox', { name: 'Expires' })
  await expires.press('Enter')
  await expect(expires.getByRole('option').first()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(expires.getByRole('option').first()).toBeHidden()
  await expect(expires).toBeFocused()
  await expect(page.getByRole('dialog')).toBeVisible()
})

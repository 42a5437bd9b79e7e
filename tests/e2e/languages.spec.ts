import { readdirSync, readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { generateMedia } from '@/tests/support/generate-media'
import { createUser, expect, openPage, selectedOption, test, type TestUser } from './fixtures'
import { listPages, walkPages } from './page-walk'

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
  await expect(selectedOption(page, 'Sprache')).toHaveText('Deutsch')
  await language.click()
  await page.getByRole('option', { name: 'English' }).click()
  await expect(selectedOption(page, 'Language')).toHaveText('English')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')

  const context = await browser.newContext({ locale: 'de-DE', baseURL: app.url })
  const other = await context.newPage()
  await openPage(other, '/sign-in')
  await signInFromPage(other, user)
  await other.goto('/account')
  await expect(other.locator('html')).toHaveAttribute('lang', 'en')
  await context.close()
})

test('shows nothing in English on German pages, and fits when mirrored for right-to-left scripts @full', async ({
  app,
  page,
}) => {
  test.setTimeout(240_000)
  const user = await createUser(app, { isAdmin: true })
  await openPage(page, '/sign-in')
  await expectGerman(page, '/sign-in')
  await signInFromPage(page, user)
  await user.fetch('/api/v1/videos?filename=kurz.mp4', {
    method: 'POST',
    body: readFileSync(await generateMedia('silent.mp4')),
  })
  await openPage(page, '/')
  await expect(page.getByText(/^Fertig/)).toBeVisible({ timeout: 90_000 })
  const pages = await listPages(page, { user, title: 'kurz' })
  // The other mails have subjects in the languages of other users.
  await walkPages(page, [...pages, '/admin/mail?state=failed'], async (at) => {
    await page.waitForLoadState('networkidle')
    await expectGerman(page, at)
    await page.evaluate(() => (document.documentElement.dir = 'rtl'))
  })
})

/** Messages without values that differ in German. */
const englishMessages = new Set(
  readdirSync('messages/en').flatMap((file) => {
    const [en, de] = ['en', 'de'].map(
      (locale) => JSON.parse(readFileSync(`messages/${locale}/${file}`, 'utf8')) as Record<string, string>,
    )
    return Object.entries(en!).flatMap(([key, text]) => (text === de![key] ? [] : [text]))
  }),
)
/** Words that are messages in English and also German ones of other messages. */
const GERMAN = new Set(
  readdirSync('messages/de').flatMap((file) =>
    Object.values(JSON.parse(readFileSync(`messages/de/${file}`, 'utf8')) as Record<string, string>),
  ),
)

async function expectGerman(page: Page, at: string) {
  const shown = await page.evaluate(() => {
    const texts = [document.title.replace(' · Meanwhile', '')]
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode())
      if (!walker.currentNode.parentElement!.closest('script, style, pre, code, [lang=en]'))
        texts.push(walker.currentNode.textContent!.trim())
    for (const element of document.body.querySelectorAll('*'))
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
        const text = element.getAttribute(name)
        if (text) texts.push(text)
      }
    return texts
  })
  const english = shown.filter((text) => englishMessages.has(text) && !GERMAN.has(text))
  expect([...new Set(english)], at).toEqual([])
}

/** Requests of the page have the header Accept-Language; those of the test do not. */
async function signInFromPage(page: Page, { email, password }: TestUser) {
  const status = await page.evaluate(async (body) => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch('/api/auth/sign-in/email', { method: 'POST', headers, body })).status
  }, JSON.stringify({ email, password }))
  expect(status).toBe(200)
}

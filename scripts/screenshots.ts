import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { chromium, type Page } from 'playwright'

// Pictures of a running app: node --import tsx scripts/screenshots.ts URL EMAIL PASSWORD OUT_DIR
const [url, email, password, outDir = 'docs/screenshots'] = process.argv.slice(2)
if (!url || !email || !password) throw new Error('Give URL, EMAIL and PASSWORD of an account with a video.')
mkdirSync(outDir, { recursive: true })

const views = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1200, height: 800 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1200, height: 800 } },
  { name: 'phone', colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true },
] as const

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
})
for (const { name, ...look } of views) {
  const context = await browser.newContext(look)
  await visit(await context.newPage(), name)
  await context.close()
}
await browser.close()

async function visit(page: Page, look: string) {
  const take = async (name: string, fullPage = false) => {
    await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined)
    await page.screenshot({ path: path.join(outDir, `${name}-${look}.png`), fullPage })
  }
  await page.goto(`${url}/sign-in`)
  await take('sign-in')
  await page.getByLabel('E-mail').fill(email!)
  await page.getByLabel('Password').fill(password!)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Drop videos anywhere' }).waitFor()
  await take('home')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  await take('command')
  await page.goto(`${url}/videos`)
  await take('videos')
  const done = page.getByRole('listitem').filter({ hasText: 'Done ·' }).locator('[data-row]').last()
  await done.click()
  await page.locator('media-controller').waitFor()
  await page.locator('hls-video').waitFor()
  await take('watch', true)
  await page.locator('media-settings-menu-button').click()
  await page.getByRole('menuitem').first().waitFor()
  await take('watch-menu')
  await page.goto(`${url}${await page.locator('[href^="/tasks/"]').nth(1).getAttribute('href')}`)
  await page.getByRole('heading', { name: 'Log' }).waitFor()
  await take('task', true)
  for (const place of ['activity', 'account', 'admin']) {
    await page.goto(`${url}/${place}`)
    await take(place)
  }
}

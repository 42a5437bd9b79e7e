import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright'

// Pictures of a running app: node --import tsx scripts/screenshots.ts URL EMAIL PASSWORD OUT_DIR
const [url, email, password, outDir = 'docs/screenshots'] = process.argv.slice(2)
if (!url || !email || !password) throw new Error('Give URL, EMAIL and PASSWORD of an account with a video.')
mkdirSync(outDir, { recursive: true })
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-background-networking'],
})
const views = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1200, height: 800 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1200, height: 800 } },
  { name: 'phone', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const

for (const { name, ...look } of views) {
  const context = await browser.newContext(look)
  const page = await context.newPage()
  await page.goto(`${url}/sign-in`)
  await page.screenshot({ path: `${outDir}/sign-in-${name}.png` })
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Drop videos anywhere' }).waitFor()
  await page.screenshot({ path: `${outDir}/home-${name}.png` })
  await page.goto(`${url}/videos`)
  await page.screenshot({ path: `${outDir}/videos-${name}.png` })
  await page.getByRole('listitem').getByRole('link').nth(1).click()
  await page.getByTestId('video-state').waitFor()
  await page.locator('media-controller').or(page.getByText('in a moment')).first().waitFor()
  await page.screenshot({ path: `${outDir}/watch-${name}.png`, fullPage: true })
  await page.goto(`${url}/activity`)
  await page.screenshot({ path: `${outDir}/activity-${name}.png` })
  await page.goto(`${url}/account`)
  await page.screenshot({ path: `${outDir}/account-${name}.png` })
  await context.close()
}
await browser.close()

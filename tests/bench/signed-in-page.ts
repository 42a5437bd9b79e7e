import { chromium, type Page } from '@playwright/test'

interface PageOptions {
  url: string
  email: string
  password: string
  /** Keeps cookies and cache. Default: a temporary folder. */
  profileDir?: string
}

/** Runs `work` with a page of a real browser in which the user is signed in, then closes the browser. */
export async function withSignedInPage<T>(options: PageOptions, work: (page: Page) => Promise<T>) {
  const { url, email, password, profileDir = '' } = options
  const browser = await chromium.launchPersistentContext(profileDir, {
    baseURL: url,
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking'],
  })
  try {
    const page = await browser.newPage()
    await page.goto('/sign-in')
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('/')
    return await work(page)
  } finally {
    await browser.close()
  }
}

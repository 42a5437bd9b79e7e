import { chromium, type Page } from '@playwright/test'

interface PageOptions {
  url: string
  email: string
  password: string
}

/** Runs `work` with a page of a real browser in which the user is signed in, then closes the browser. */
export async function withSignedInPage<T>(options: PageOptions, work: (page: Page) => Promise<T>) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking'],
  })
  try {
    const page = await browser.newPage({ baseURL: options.url })
    await page.goto('/sign-in')
    await page.getByLabel('Email').fill(options.email)
    await page.getByLabel('Password').fill(options.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('/')
    return await work(page)
  } finally {
    await browser.close()
  }
}

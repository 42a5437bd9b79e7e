import { chromium, type Page } from '@playwright/test'

interface PageOptions {
  url: string
  email: string
  password: string
}

/** A page of a real browser in which somebody has signed in, for as long as `work` takes. */
export async function withSignedInPage<T>(visitor: PageOptions, work: (page: Page) => Promise<T>) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking'],
  })
  try {
    const page = await browser.newPage({ baseURL: visitor.url })
    await page.goto('/sign-in')
    await page.getByLabel('Email').fill(visitor.email)
    await page.getByLabel('Password').fill(visitor.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('/')
    return await work(page)
  } finally {
    await browser.close()
  }
}

import { randomUUID } from 'node:crypto'
import AxeBuilder from '@axe-core/playwright'
import { type CDPSession, expect, type FrameLocator, type Page, test as base } from '@playwright/test'
import GERMAN_UPLOADS from '@/messages/de/uploads.json' with { type: 'json' }
import type { TestUser } from '@/tests/support/accounts'
import { type App, startApp } from '@/tests/support/app'

export { expect } from '@playwright/test'
export type { TestUser } from '@/tests/support/accounts'

interface TestFixtures {
  /** A new account, not signed in. */
  user: TestUser
  /** The home page with `user` signed in. */
  home: Page
}

/**
 * Runs against the whole app, started as by `npm start`. Spec files with the same `env` share one. Machines are of the fake
 * driver by default: real ones occupy the CPU from the start, to prepare their templates.
 */
export const test = base.extend<TestFixtures, { env: Record<string, string>; app: App }>({
  env: [
    { MACHINES: 'on', MACHINE_DRIVER: 'fake' },
    { option: true, scope: 'worker' },
  ],
  app: [
    async ({ env }, use) => {
      const app = await startApp(env)
      await use(app)
      await app.stop()
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  baseURL: async ({ app }, use) => use(app.url),
  page: async ({ page }, use) => {
    const violations: string[] = []
    page.on('console', (message) => {
      // Pages of machines try what their policy forbids.
      const isOwn = !page.url().includes('/ports/')
      if (isOwn && message.text().includes('Content Security Policy')) violations.push(message.text())
    })
    await use(page)
    expect(violations).toEqual([])
  },
  user: async ({ app }, use) => use(await createUser(app)),
  home: async ({ page, user, app }, use) => {
    // Without the form, which other tests fill in: a page less to load.
    const { email, password } = user
    const options = { data: { email, password }, headers: { origin: app.url } }
    expect((await page.request.post('/api/auth/sign-in/email', options)).ok()).toBe(true)
    await page.goto('/')
    await expectHome(page)
    await use(page)
  },
})

export async function createUser(app: App, { isAdmin = false } = {}): Promise<TestUser> {
  const user = await app.createUser(`${randomUUID()}@example.com`, { isAdmin })
  const headers = { 'content-type': 'application/json' }
  return { ...user, fetch: (at, init) => user.fetch(at, { headers, ...init }) }
}

/** The ID of an administrator's own account. */
export async function readUserId(admin: TestUser) {
  const search = new URLSearchParams({ search: admin.email })
  const { users } = await admin.fetchJson<{ users: { id: string }[] }>(`/api/v1/admin/users?${search}`)
  return users[0]!.id
}

export async function signIn(page: Page, user: Pick<TestUser, 'email' | 'password'>) {
  await page.goto('/sign-in')
  await page.getByLabel('Email').fill(user.email)
  await page.getByLabel('Password').fill(user.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectHome(page)
}

async function expectHome(page: Page) {
  const heading = { en: 'Drop videos anywhere', de: GERMAN_UPLOADS.dropHeading }
  const locale = (await page.locator('html').getAttribute('lang')) as keyof typeof heading
  await expect(page.getByRole('heading', { name: heading[locale] })).toBeVisible()
  await waitForHydration(page)
}

/** Opens a page for signed-in users and waits until it handles input: text that is filled in earlier is lost. */
export async function openPage(page: Page, path: string) {
  await page.goto(path)
  await waitForHydration(page)
}

/** From here on, links navigate on the client and the page handles dropped files itself. */
const waitForHydration = (page: Page) => page.waitForFunction(() => !('preHydrationDrops' in window))

/** Drags files and folders from the desktop onto the page and drops them. */
export async function dropFiles(page: Page, files: string[]) {
  const drag = await dragFilesOver(page, files)
  await drag('drop')
}

/** Drags files and folders over the page until it reacts. Resolves to a function that dispatches the next event. */
export async function dragFilesOver(page: Page, files: string[], at = { x: 300, y: 300 }) {
  const drag = await createFileDrag(page, files, at)
  await drag('dragEnter')
  // Browsers repeat the event while files are held; the page may not listen yet.
  await expect(async () => {
    await drag('dragOver')
    await expect(page.getByText('Drop to upload')).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 15_000 })
  await drag('dragOver')
  return drag
}

/** Dispatches the drag events of a desktop through CDP. */
export async function createFileDrag(page: Page, files: string[], at = { x: 300, y: 300 }) {
  const browser = await page.context().newCDPSession(page)
  const data = { items: [], files, dragOperationsMask: 1 }
  return (type: 'dragEnter' | 'dragOver' | 'drop') =>
    browser.send('Input.dispatchDragEvent', { type, ...at, data })
}

export const chooseFiles = (page: Page, files: string[]) =>
  page.getByTestId('file-input').setInputFiles(files)

/** Emulates the network of a page. A rate of -1 does not throttle. */
export async function emulateNetwork(
  page: Page,
  { isOffline = false, uploadBytesPerSecond = -1, downloadBytesPerSecond = -1 },
) {
  // The setting belongs to a CDP session: a second session would not reset the first one’s.
  const session = cdpSessions.get(page) ?? (await page.context().newCDPSession(page))
  cdpSessions.set(page, session)
  await session.send('Network.emulateNetworkConditions', {
    offline: isOffline,
    latency: 0,
    downloadThroughput: downloadBytesPerSecond,
    uploadThroughput: uploadBytesPerSecond,
  })
}
const cdpSessions = new WeakMap<Page, CDPSession>()

export const uploadProgressBar = (page: Page, name: string) =>
  page.getByRole('progressbar', { name: `Upload of ${name}` })
export const readPercent = async (bar: ReturnType<typeof uploadProgressBar>) =>
  Number(await bar.getAttribute('aria-valuenow', { timeout: 2_000 }).catch(() => 0))

/** What a select shows. */
export const selectedOption = (page: Page, name: string) =>
  page.getByRole('combobox', { name }).locator('option:checked')

/** Plays with the button that is there until the player is loaded, or with that of the player. */
export const startPlaying = (page: Page | FrameLocator, { timeout }: { timeout?: number } = {}) =>
  page
    .getByRole('button', { name: 'Play', exact: true })
    .or(page.locator('media-play-button'))
    .first()
    .click({ timeout })

/** Loads the player by input on the page, which may not have hydrated yet. */
export async function loadPlayer(page: Page) {
  const player = page.locator('hls-video')
  await expect(player.or(page.getByRole('button', { name: 'Play', exact: true }))).toBeVisible()
  await expect(async () => {
    await page.mouse.move(1, 1)
    await expect(player).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 15_000 })
}

export const videoLink = (page: Page, name: string) => page.getByRole('link', { name, exact: true })

export async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
}

/** @returns a check that the page has not reloaded since */
export async function trackReloads(page: Page) {
  await page.evaluate('window.isSamePage = true')
  return async () => expect(await page.evaluate('window.isSamePage')).toBe(true)
}

/** Types a line into the console of the page. */
export async function typeIntoTerminal(page: Page, line: string) {
  await page.getByRole('textbox', { name: 'Terminal input' }).focus()
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
}

/** A line of the console that is exactly this text. */
export const terminalLine = (page: Page, text: string) =>
  page
    .getByTestId('terminal')
    .locator('.xterm-rows div')
    .filter({ hasText: new RegExp(`^${text}\\s*$`) })

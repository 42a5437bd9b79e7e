import type { Page } from '@playwright/test'

/** Limits of the compressed JavaScript of pages, in kB; that of a video includes its player. */
export const MAX_SCRIPTS_KB = { home: 180, video: 300 }

/**
 * Opens a page as a browser without a cache does. @returns the compressed size of its scripts with their headers, in kB,
 * including those that `use` loads
 */
export async function measureScripts(page: Page, path: string, use = () => Promise.resolve()) {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  const scripts = new Set<string>()
  let bytes = 0
  session.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength
  })
  await page.goto(path, { waitUntil: 'networkidle' })
  await use()
  await session.detach()
  return bytes / 1_000
}

/** Loads the player of the page of a video, which is loaded at the first input. */
export async function loadPlayer(page: Page) {
  await page.mouse.move(1, 1)
  await page.locator('media-control-bar').waitFor()
}

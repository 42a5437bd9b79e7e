import { expect, type Page } from '@playwright/test'

declare global {
  interface Window {
    recordedAnnouncements: { region: string; text: string }[]
  }
}

/** Records what live regions of the pages that are opened from now on say. */
export async function recordAnnouncements(page: Page) {
  const startedAt = Date.now()
  await page.addInitScript(observeLiveRegions)
  const read = () => page.evaluate(() => window.recordedAnnouncements)
  return {
    read,
    /** Checks the page that is open: at most ten announcements a minute in each region, and no progress. */
    async expectCalm() {
      const recorded = await read()
      const minutes = Math.ceil((Date.now() - startedAt) / 60_000)
      for (const [region, texts] of Map.groupBy(recorded, (one) => one.region))
        expect(texts.length, `${region}: ${texts.map(({ text }) => text).join(' | ')}`).toBeLessThanOrEqual(
          10 * minutes,
        )
      expect(recorded.filter(({ text }) => /\d\s?%/.test(text))).toEqual([])
    },
    /** How often a region said something with this text. */
    count: async (text: string) => (await read()).filter((one) => one.text.includes(text)).length,
  }
}

/** Runs in the page. What a page shows when it is opened is not announced. */
function observeLiveRegions() {
  window.recordedAnnouncements = []
  const selector = '[aria-live]:not([aria-live="off"]), [role="status"], [role="alert"], [role="log"]'
  const last = new Map<Element, string>()
  const readText = (region: Element) => (region.textContent.trim() || region.getAttribute('aria-label')) ?? ''
  const look = () => {
    for (const region of document.querySelectorAll(selector)) {
      const text = readText(region)
      if (text === (last.get(region) ?? '')) continue
      last.set(region, text)
      const name = region.getAttribute('data-testid') ?? region.outerHTML.slice(0, 80)
      if (text) window.recordedAnnouncements.push({ region: name, text })
    }
  }
  document.addEventListener('DOMContentLoaded', () => {
    for (const region of document.querySelectorAll(selector)) last.set(region, readText(region))
    new MutationObserver(look).observe(document.documentElement, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: ['role', 'aria-live', 'aria-label'],
    })
  })
}

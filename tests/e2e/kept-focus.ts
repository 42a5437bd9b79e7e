import { readFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import { generateMedia } from '@/tests/support/generate-media'
import { expect, type TestUser } from './fixtures'

export const post = <Body>(user: TestUser, at: string, body: object = {}) =>
  user.fetchJson<Body>(at, { method: 'POST', body: JSON.stringify(body) })

/** Uploads a short video, or a file of these bytes. */
export async function upload(user: TestUser, name: string, bytes?: Uint8Array<ArrayBuffer>) {
  const body = bytes ?? new Uint8Array(readFileSync(await generateMedia('silent.mp4')))
  const at = `/api/v1/videos?filename=${name}.mp4`
  return user.fetchJson<{ video: { id: string }; task: { id: string } }>(at, { method: 'POST', body })
}

/** Whether an element has the focus that can be seen, rather than the page as a whole. */
const hasFocus = (page: Page) =>
  page.evaluate(() => {
    const { activeElement, body } = document
    return activeElement !== null && activeElement !== body && activeElement.checkVisibility()
  })

/** Presses buttons and menu items by their names. */
export async function press(page: Page, ...names: (string | RegExp)[]) {
  for (const name of names) {
    const named = { name, exact: true }
    const control = page.getByRole('button', named).or(page.getByRole('menuitem', named))
    await control.filter({ visible: true }).first().press('Enter')
  }
}

interface FocusedAction {
  act(): Promise<unknown>
  /** What shows that the action has had its effect. */
  effect(): Promise<unknown>
  /** Where a user of the keyboard continues. Default: anywhere on the page. */
  at?: Locator
}

/** Acts, waits for the effect, and checks that the next key goes to something on the page. */
export async function expectFocusKept(page: Page, { act, effect, at }: FocusedAction) {
  await act()
  await effect()
  const check = async () => {
    if (at)
      await expect(at)
        .toBeFocused()
        .catch((error: Error) => addFocus(page, error))
    else await expect.poll(() => hasFocus(page)).toBe(true)
  }
  await check()
  // Also once what the action has changed is rendered everywhere.
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 2_000 })))
  await check()
}

/** Adds to an error what has the focus instead. */
async function addFocus(page: Page, error: Error): Promise<never> {
  const html = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 300))
  throw new Error(`${error.message}\nThe focus is at ${html}`, { cause: error })
}

// Over 200 lines because one test finds what the others have to open.

import { globSync, readFileSync } from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, openPage, signIn } from './fixtures'
import { EVERYTHING_ENV, test, withIds } from './one-of-everything'
import { OVERLAYS } from './overlays'

// A trace of so many checks takes longer than they do, and half a gigabyte.
test.use({ env: EVERYTHING_ENV, actionTimeout: 15_000, trace: 'off' })

/** The paths of every page, by its folder in `app`. */
const PAGES: Record<string, string[]> = {
  '(account)/check-mail': ['/check-mail?email=ada@example.com'],
  '(account)/forgot-password': ['/forgot-password'],
  '(account)/invite': ['/invite'],
  '(account)/reset-password': ['/reset-password', '/reset-password?token=unknown'],
  '(account)/sign-in': ['/sign-in', '/sign-in?reset=done'],
  '(account)/sign-up': ['/sign-up'],
  'embed/[token]': ['/embed/:videoLink', '/embed/:playlistLink'],
  's/[token]': ['/s/:videoLink', '/s/:playlistLink', '/s/:machineLink', `/s/${'x'.repeat(32)}`],
  '(app)': ['/'],
  '(app)/account': ['/account'],
  '(app)/account/security': ['/account/security'],
  '(app)/account/webhooks': ['/account/webhooks'],
  '(app)/account/webhooks/[id]': ['/account/webhooks/:webhook'],
  '(app)/activity': ['/activity', '/activity?state=failed'],
  '(app)/admin': ['/admin'],
  '(app)/admin/audit': ['/admin/audit'],
  '(app)/admin/dead-letters': ['/admin/dead-letters'],
  '(app)/admin/mail': ['/admin/mail'],
  '(app)/admin/mail/[id]': ['/admin/mail/:mail'],
  '(app)/admin/mail/preview': ['/admin/mail/preview'],
  '(app)/admin/queues': ['/admin/queues'],
  '(app)/admin/tasks': ['/admin/tasks'],
  '(app)/admin/tasks/[id]': ['/admin/tasks/:task'],
  '(app)/admin/users': ['/admin/users'],
  '(app)/admin/users/[id]': ['/admin/users/:user'],
  '(app)/archives': ['/archives'],
  '(app)/machines': ['/machines'],
  '(app)/machines/[id]': ['/machines/:machine'],
  '(app)/machines/new': ['/machines/new'],
  '(app)/notifications': ['/notifications'],
  '(app)/playlists/[id]': ['/playlists/:playlist'],
  '(app)/tasks/[id]': ['/tasks/:task'],
  '(app)/videos': ['/videos', '/videos?search=unmatched', '/videos?deleted=true'],
  '(app)/videos/[id]': ['/videos/:video', '/videos/:trimmed', '/videos/:trashed'],
  '(app)/videos/[id]/captions/[captionId]': ['/videos/:video/captions/:caption'],
  '(app)/videos/[id]/proof-sheet': ['/videos/:video/proof-sheet'],
  'docs/api': ['/docs/api'],
  'docs/api/[operation]': ['/docs/api/post-machines', '/docs/api/get-videos'],
}
const UNKNOWN_PAGES = ['/no-such-page', '/videos/unknown']

test('this file opens every page, and every dialog, menu and popover of the app', () => {
  const pages = globSync('app/**/page.tsx').map((file) => file.slice('app/'.length, -'/page.tsx'.length))
  expect(Object.keys(PAGES).toSorted()).toEqual(pages.toSorted())
  // Those that others are made of are in `ui`.
  const overlay =
    /<(?:Modal|ChoiceDialog|ConfirmDialog|NameDialog|CommandDialog|DropdownMenuContent|\w+\.Content)\b/
  const files = globSync('app/**/*.tsx')
    .filter((file) => overlay.test(readFileSync(file, 'utf8')))
    .map((file) => file.slice('app/'.length))
  const parts = ['modal', 'choice-dialog', 'confirm-dialog', 'name-dialog', 'command', 'dropdown-menu']
  const shared = parts.map((name) => `ui/${name}.tsx`)
  expect([...Object.keys(OVERLAYS), ...shared].toSorted()).toEqual(files.toSorted())
})

test('every page is accessible and fits, light and dark, on desktop and phone @full', async ({
  page,
  everything: { admin, ids },
}) => {
  test.setTimeout(900_000)
  const audit = createAudit(page)
  const isPublic = ([folder]: [string, string[]]) => !folder.startsWith('(app)')
  const open = async (paths: string[]) => {
    for (const path of paths)
      await test
        .step(path, async () => {
          await openPage(page, withIds(path, ids))
          await expect(page.locator('main, [role=main]').first()).toBeVisible()
          await page.locator('details').evaluateAll((all: HTMLDetailsElement[]) => {
            for (const details of all) details.open = true
          })
          await audit.check(path)
        })
        .catch((error: Error) => audit.problems.push(`${path}: ${error.message}`))
  }
  const entries = Object.entries(PAGES)
  for (const [, paths] of entries.filter(isPublic)) await open(paths)
  await open(UNKNOWN_PAGES)
  await signIn(page, admin)
  for (const [, paths] of entries.filter((entry) => !isPublic(entry))) await open(paths)
  await open([...UNKNOWN_PAGES, ...PAGES['docs/api/[operation]']!])
  expect(audit.problems).toEqual([])
})

test('every dialog, menu and popover is accessible, light and dark, on desktop and phone, and returns the focus @full', async ({
  app,
  page,
  everything: { admin, ids },
}) => {
  test.setTimeout(1_200_000)
  const audit = createAudit(page)
  // Those of the player are there while they are closed.
  const overlays = page
    .locator(':is([role="dialog"], [role="menu"]):not(media-controller *)')
    .filter({ visible: true })
  await signIn(page, admin)
  for (const [file, openings] of Object.entries(OVERLAYS))
    for (const { at, steps } of openings)
      await test
        .step(`${file} at ${at}`, async () => {
          await page.setViewportSize(DESKTOP)
          await openPage(page, withIds(at, ids))
          for (const step of steps)
            if (typeof step === 'function') await step(page, app)
            else await findControl(page, step).press('Enter')
          await expect(overlays.last()).toBeVisible()
          await audit.check(file)
          await page.setViewportSize(DESKTOP)
          await expect(async () => {
            await page.keyboard.press('Escape')
            await expect(overlays).toHaveCount(0, { timeout: 500 })
          }).toPass()
          await expect
            .poll(() => page.evaluate(() => document.activeElement !== document.body), 'keeps the focus')
            .toBe(true)
        })
        .catch((error: Error) => audit.problems.push(`${file}: ${error.message}`))
  expect(audit.problems).toEqual([])
})

test('the player and what the caption editor shows are accessible @full', async ({
  page,
  everything: { admin, ids },
}) => {
  test.setTimeout(300_000)
  const audit = createAudit(page)
  await signIn(page, admin)
  await openPage(page, `/videos/${ids.video}`)
  await page.mouse.move(1, 1)
  await expect(page.locator('hls-video')).toBeVisible()
  await audit.check('player')

  const editor = `/videos/${ids.video}/captions/${ids.caption}`
  await openPage(page, editor)
  const editCue = async (tab: Page, text: string) => {
    await tab.getByRole('list', { name: 'Cues' }).getByText('Good morning.').click()
    await tab.getByLabel('Cue text').fill(text)
  }
  await page.getByRole('button', { name: 'Find and replace' }).press('Enter')
  await expect(page.getByLabel('Find', { exact: true })).toBeFocused()
  await audit.check('find and replace')
  await page.keyboard.press('Escape')
  // Another tab changes the same cue while this one cannot save.
  const other = await page.context().newPage()
  await openPage(other, editor)
  await page.route('**/cues', (route) =>
    route.request().method() === 'PATCH' ? route.abort() : route.continue(),
  )
  await editCue(page, 'mine')
  await expect(page.getByTestId('save-state')).toContainText('Not saved')
  await editCue(other, 'theirs')
  await expect(page.getByText(/also changed elsewhere/)).toBeVisible()
  await audit.check('conflict resolver')
  await other.close()
  expect(audit.problems).toEqual([])
})

const DESKTOP = { width: 1280, height: 844 }
const PHONE = { width: 390, height: 844 }
const FORMS = [DESKTOP, PHONE].flatMap((size) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ size, colorScheme })),
)

/** Checks what is shown in all forms, and collects what is wrong, so that one run shows all of it. */
function createAudit(page: Page) {
  const problems: string[] = []
  async function checkForm(name: string, { size, colorScheme }: (typeof FORMS)[number]) {
    const form = `${name}, ${colorScheme}, ${size.width} px`
    const { violations } = await new AxeBuilder({ page })
      .options({ resultTypes: ['violations'] })
      // Scripts do not run in previews of mails.
      .exclude('iframe[sandbox]')
      .analyze()
    for (const { id, nodes } of violations)
      problems.push(`${form}: ${id}: ${nodes.map((node) => node.html.slice(0, 300)).join(' ')}`)
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    if (overflow > 0) problems.push(`${form}: ${overflow} px too wide`)
  }
  async function show({ size, colorScheme }: (typeof FORMS)[number]) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveClass(new RegExp(`\\b${colorScheme}\\b`))
  }
  return {
    problems,
    async check(name: string) {
      for (const form of FORMS) {
        await show(form)
        await checkForm(name, form)
      }
    },
  }
}

/** Of the open dialog or menu, as the page behind is hidden. */
function findControl(page: Page, name: string | RegExp) {
  const named = { name, exact: true }
  const control = page.getByRole('button', named).or(page.getByRole('menuitem', named))
  return control.filter({ visible: true }).first()
}

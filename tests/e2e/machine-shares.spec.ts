import type { Browser, BrowserContextOptions, Page } from '@playwright/test'
import type { CreateMachineResponse, MachineDto } from '@/lib/machines/schema'
import {
  expect,
  expectAccessible,
  openPage,
  terminalLine,
  test,
  type TestUser,
  typeIntoTerminal,
} from './fixtures'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

test('shares a console with viewers without an account @full', async ({ home: owner, user, browser }) => {
  const { id, name } = await createMachine(user)
  await owner.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const answers = recordInput(owner)
  await openPage(owner, `/machines/${id}`)
  const console = owner.getByRole('region', { name: 'Console' })
  await expect(console).toHaveAttribute('data-state', 'connected')
  await typeIntoTerminal(owner, 'echo $((40+1))')
  await owner.getByRole('button', { name: 'Share' }).click()
  const dialog = owner.getByRole('dialog', { name: 'Share console' })
  await expectAccessible(owner)
  await dialog.getByRole('button', { name: 'Create link and copy it' }).click()
  await expect(dialog.getByRole('listitem')).toContainText('Watch only · Expires')
  await expectAccessible(owner)
  const link = await owner.evaluate(() => navigator.clipboard.readText())

  // What was printed before is there; nothing can be typed.
  const { page: viewer, errors } = await openViewer(browser)
  await viewer.goto(link)
  await expect(viewer.getByRole('heading', { name })).toBeVisible()
  await expect(viewer.getByText('You can watch until')).toBeVisible()
  await expect(terminalLine(viewer, '41')).toBeVisible()
  await expectAccessible(viewer)
  await typeIntoTerminal(viewer, 'echo intruder')
  await expect(console.getByText('2 viewers')).toBeAttached()

  // The owner adds a link to type.
  await dialog.getByRole('button', { name: 'Create another link' }).click()
  await dialog.getByRole('checkbox', { name: 'Allow typing' }).check()
  await dialog.getByRole('button', { name: 'Create link and copy it' }).click()
  await expect(dialog.getByRole('listitem').first()).toContainText('Watch and type')
  const typingLink = await owner.evaluate(() => navigator.clipboard.readText())
  const { page: colleague } = await openViewer(browser)
  const sent = recordInput(colleague)
  await colleague.goto(typingLink)
  await expect(colleague.getByRole('region', { name: 'Console' })).toHaveAttribute('data-state', 'connected')
  await typeIntoTerminal(colleague, 'echo $((6*7))')
  for (const page of [colleague, viewer, owner]) await expect(terminalLine(page, '42')).toBeVisible()
  await expect(viewer.getByTestId('terminal')).not.toContainText('intruder')

  // A query of the guest, here the echo of what is typed, is answered by the terminal of the owner alone.
  answers.length = 0
  sent.length = 0
  await colleague.keyboard.press('Escape')
  await colleague.keyboard.type('[6n')
  await expect.poll(() => answers.join('')).toMatch(/^.\[\d+;\d+R$/)
  await colleague.keyboard.type('and on')
  await expect(colleague.getByTestId('terminal')).toContainText('# and on')
  expect(sent.join('')).toBe('\u001b[6nand on')

  // Revoked while the viewers are there.
  await dialog.getByRole('listitem').first().getByRole('button', { name: 'Revoke' }).click()
  await owner.getByRole('button', { name: 'Revoke link' }).click()
  await expect(colleague.getByText('This link doesn’t work any more')).toBeVisible()
  await colleague.reload()
  await expect(colleague.getByRole('heading', { name: 'This link doesn’t work' })).toBeVisible()
  await expect(viewer.getByRole('region', { name: 'Console' })).toHaveAttribute('data-state', 'connected')

  await dialog.getByRole('button', { name: 'Close' }).click()
  const activity = owner.getByRole('list', { name: 'Activity' })
  await expect(activity).toContainText('console link revoked')
  await expect(activity).toContainText('Viewer · watch and type')
  expect(errors.filter((text) => !text.includes('status of 404'))).toEqual([])
})

test('a console has the keys that phones lack @full', async ({ browser, user, app }) => {
  const { id } = await createMachine(user)
  const { page, context } = await openViewer(browser, { ...PHONE, baseURL: app.url })
  const sent = recordInput(page)
  const { email, password } = user
  const options = { data: { email, password }, headers: { origin: app.url } }
  expect((await context.request.post('/api/auth/sign-in/email', options)).ok()).toBe(true)
  await openPage(page, `/machines/${id}`)
  const keys = page.getByRole('group', { name: 'Keys' })
  await expect(keys).toBeVisible()
  const input = page.getByRole('textbox', { name: 'Terminal input' })
  await page.getByTestId('terminal').tap()
  for (const name of ['Esc', 'Tab', 'Left', 'Up', 'Down', 'Right']) {
    await keys.getByRole('button', { name }).tap()
    // The keyboard of the device stays.
    await expect(input).toBeFocused()
  }
  const control = keys.getByRole('button', { name: 'Ctrl' })
  await control.tap()
  await expect(control).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.type('c')
  await expect(control).toHaveAttribute('aria-pressed', 'false')
  await page.keyboard.type('c')
  await control.tap()
  await keys.getByRole('button', { name: 'Right' }).tap()
  await expect
    .poll(() => sent.join(' '))
    .toBe(
      ['\u001b', '\t', '\u001b[D', '\u001b[A', '\u001b[B', '\u001b[C', '\u0003', 'c', '\u001b[1;5C'].join(
        ' ',
      ),
    )
  await expectAccessible(page)
})

async function createMachine(user: TestUser) {
  const { machine } = await user.fetchJson<CreateMachineResponse>('/api/v1/machines', {
    method: 'POST',
    body: '{}',
  })
  await expect
    .poll(async () => (await user.fetchJson<MachineDto>(`/api/v1/machines/${machine.id}`)).state)
    .toBe('running')
  return machine
}

/** What the console of a page sends as input: only that is sent as bytes. */
function recordInput(page: Page) {
  const sent: string[] = []
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      if (typeof payload !== 'string') sent.push(payload.toString())
    }),
  )
  return sent
}

/** Another browser, which is not signed in. `errors` are what it reports. */
async function openViewer(browser: Browser, options?: BrowserContextOptions) {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  return { page, context, errors }
}

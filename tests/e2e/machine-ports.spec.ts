import type { MachineDto, MachinePortDto } from '@/lib/machines/schema'
import { expect, expectAccessible, openPage, test, selectedOption } from './fixtures'

test('shows guest output as text, in the console and as script output @full', async ({ home, user }) => {
  const payload = '<img src=x onerror=alert(1)>'
  let isExecuted = false
  home.on('dialog', async (dialog) => {
    isExecuted = true
    await dialog.dismiss()
  })
  const body = JSON.stringify({ userData: `echo ${payload}` })
  const response = await user.fetch('/api/v1/machines', { method: 'POST', body })
  const { machine } = (await response.json()) as { machine: MachineDto }
  await openPage(home, `/machines/${machine.id}`)
  await expect(home.getByLabel('Script output')).toContainText(payload, { timeout: 30_000 })
  const console = home.getByRole('region', { name: 'Console' })
  await expect(console).toHaveAttribute('data-state', 'connected')
  await home.getByRole('textbox', { name: 'Terminal input' }).focus()
  await home.keyboard.type(`echo ${payload} $((6*7))`)
  await home.keyboard.press('Enter')
  await expect(home.getByTestId('terminal').locator('.xterm-rows')).toContainText(`${payload} 42`)
  await expect(home.locator('main img')).toHaveCount(0)
  expect(isExecuted).toBe(false)
})

test('does not take the focus of a field when the console connects @full', async ({ home, user }) => {
  const created = await user.fetch('/api/v1/machines', {
    method: 'POST',
    body: '{"name":"quiet","network":"outbound"}',
  })
  const { machine } = (await created.json()) as { machine: MachineDto }
  await openPage(home, `/machines/${machine.id}`)
  const state = home.locator('#content').getByTestId('machine-state')
  await expect(state).toContainText('Running', { timeout: 30_000 })
  const terminal = home.getByRole('textbox', { name: 'Terminal input' })
  await expect(terminal).toBeFocused()
  await user.fetch(`/api/v1/machines/${machine.id}/stop`, { method: 'POST' })
  await expect(state).toContainText('Stopped', { timeout: 30_000 })
  const field = home.getByLabel('Port on the machine')
  await field.fill('8')
  await user.fetch(`/api/v1/machines/${machine.id}/start`, { method: 'POST' })
  await expect(state).toContainText('Running', { timeout: 30_000 })
  await expect(home.locator('[aria-label="Console"][data-state="connected"]')).toBeVisible()
  await home.keyboard.type('0')
  await expect(field).toHaveValue('80')
})

test('opens a port in an opaque origin, forwards it, and saves and undoes settings @full', async ({
  home,
  user,
}) => {
  const response = await user.fetch('/api/v1/machines', {
    method: 'POST',
    body: '{"name":"served","network":"outbound"}',
  })
  const { machine } = (await response.json()) as { machine: MachineDto }
  const read = async () => (await (await user.fetch(`/api/v1/machines/${machine.id}`)).json()) as MachineDto
  await openPage(home, `/machines/${machine.id}`)
  await expect(home.locator('#content').getByTestId('machine-state')).toContainText('Running', {
    timeout: 30_000,
  })

  await home.getByLabel('Port on the machine').fill('80')
  const opened = home.waitForEvent('popup')
  await home.getByRole('link', { name: 'Open' }).click()
  const guestPage = await opened
  await guestPage.goto(`${guestPage.url()}page`)
  await expect(guestPage.getByRole('heading', { name: 'Inside' })).toBeVisible()
  const access = await guestPage.evaluate(async () => ({
    origin: self.origin,
    own: await fetch('own-path').then((response) => response.status),
    // With the user’s session it would be 200.
    ours: await fetch('/api/v1/machines', { credentials: 'include' }).then(
      (response) => response.status,
      () => 'not readable',
    ),
    cookies: (() => {
      try {
        return document.cookie
      } catch {
        return 'not readable'
      }
    })(),
    worker: await Promise.resolve()
      .then(() => navigator.serviceWorker.register('worker.js'))
      .then(
        () => 'registered',
        () => 'refused',
      ),
  }))
  expect(access).toEqual({
    origin: 'null',
    own: 200,
    ours: 'not readable',
    cookies: 'not readable',
    worker: 'refused',
  })
  // What Chromium sends from an opaque origin: the session cookie with a link, but not with a form or a frame.
  await guestPage.setContent(
    '<a href="page">Link</a><form method="post" action="form"><button>Send</button></form><iframe src="page"></iframe>',
  )
  await expect(guestPage.frameLocator('iframe').getByRole('heading', { name: 'Inside' })).toBeVisible()
  const form = guestPage.waitForResponse((answer) => answer.url().endsWith('/form'))
  await guestPage.getByRole('button', { name: 'Send' }).click()
  expect((await form).status()).toBe(200)
  // The response precedes the navigation.
  await guestPage.waitForURL('**/form')
  await guestPage.goBack()
  await guestPage.evaluate(() => (location.href = 'page'))
  await expect(guestPage.getByRole('heading', { name: 'Inside' })).toBeVisible()
  await guestPage.close()

  await home.getByRole('button', { name: 'Forward' }).click()
  const forwarded = home.getByRole('list', { name: 'Forwarded ports' })
  await expect(forwarded).toContainText(/80 → 127\.0\.0\.1:\d+/)
  const { hostPort } = (await read()).ports[0] as MachinePortDto
  expect(await (await fetch(`http://127.0.0.1:${hostPort}/page`)).text()).toContain('Inside')
  await expectAccessible(home)
  await home.getByRole('button', { name: 'Stop forwarding port 80' }).click()
  await expect(forwarded).toBeHidden()

  const protection = home.getByRole('checkbox', { name: 'Termination protection' })
  await protection.check()
  await expect(home.getByRole('button', { name: 'Terminate' })).toBeDisabled()
  await home.getByRole('button', { name: 'Undo' }).click()
  await expect(protection).not.toBeChecked()
  await home.getByLabel('Tags').fill('web  blue')
  await home.getByLabel('Tags').press('Enter')
  await home.getByRole('combobox', { name: 'Auto-terminate' }).click()
  await home.getByRole('option', { name: 'In 8 hours' }).click()
  await home.getByRole('combobox', { name: 'Auto-stop' }).click()
  await home.getByRole('option', { name: 'After 1 day of uptime' }).click()
  await expect.poll(read).toMatchObject({ tags: ['web', 'blue'], autoStopMinutes: 1_440, isProtected: false })
  const hours = (Date.parse((await read()).expiresAt!) - Date.now()) / 3_600_000
  expect(hours).toBeGreaterThan(7.9)
  await home.reload()
  await expect(selectedOption(home, 'Auto-stop')).toHaveText('After 1 day of uptime')
  await expectAccessible(home)
})

import type { MachineDto, MachinePortDto } from '@/lib/machines/schema'
import { expect, expectAccessible, test } from './fixtures'

test.use({ env: { MACHINES: 'on', MACHINE_DRIVER: 'fake' } })

test('what a guest prints is text, on its console and as the output of a script', async ({ home, user }) => {
  const trap = '<img src=x onerror=alert(1)>'
  let isTrapped = false
  home.on('dialog', async (dialog) => {
    isTrapped = true
    await dialog.dismiss()
  })
  const body = JSON.stringify({ userData: `echo ${trap}` })
  const answer = await user.fetch('/api/v1/machines', { method: 'POST', body })
  const { machine } = (await answer.json()) as { machine: MachineDto }
  await home.goto(`/machines/${machine.id}`)
  await expect(home.getByLabel('What the script printed')).toContainText(trap, { timeout: 30_000 })
  const console = home.getByRole('region', { name: 'Console' })
  await expect(console).toHaveAttribute('data-state', 'connected')
  await home.getByRole('textbox', { name: 'Terminal input' }).focus()
  await home.keyboard.type(`echo ${trap} $((6*7))`)
  await home.keyboard.press('Enter')
  await expect(home.getByTestId('terminal').locator('.xterm-rows')).toContainText(`${trap} 42`)
  await expect(home.locator('main img')).toHaveCount(0)
  expect(isTrapped).toBe(false)
})

test('a service inside is opened, where it is nobody, and forwarded; settings are changed and undone', async ({
  home,
  user,
}) => {
  const answer = await user.fetch('/api/v1/machines', { method: 'POST', body: '{"name":"served"}' })
  const { machine } = (await answer.json()) as { machine: MachineDto }
  const read = async () => (await (await user.fetch(`/api/v1/machines/${machine.id}`)).json()) as MachineDto
  await home.goto(`/machines/${machine.id}`)
  await expect(home.locator('#content').getByTestId('machine-state')).toContainText('Running', {
    timeout: 30_000,
  })

  await home.getByLabel('Port inside the machine').fill('80')
  const opened = home.waitForEvent('popup')
  await home.getByRole('link', { name: 'Open' }).click()
  const inside = await opened
  await inside.goto(`${inside.url()}page`)
  await expect(inside.getByRole('heading', { name: 'Inside' })).toBeVisible()
  const tried = await inside.evaluate(async () => ({
    origin: self.origin,
    own: await fetch('what-is-mine').then((reply) => reply.status),
    // As its user it would be 200.
    ours: await fetch('/api/v1/machines', { credentials: 'include' }).then(
      (reply) => reply.status,
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
  expect(tried).toEqual({
    origin: 'null',
    own: 200,
    ours: 'not readable',
    cookies: 'not readable',
    worker: 'refused',
  })
  await inside.close()

  await home.getByRole('button', { name: 'Forward' }).click()
  const forwarded = home.getByRole('list', { name: 'Forwarded ports' })
  await expect(forwarded).toContainText(/80 → 127\.0\.0\.1:\d+/)
  const { hostPort } = (await read()).ports[0] as MachinePortDto
  expect(await (await fetch(`http://127.0.0.1:${hostPort}/page`)).text()).toContain('Inside')
  await expectAccessible(home)
  await home.getByRole('button', { name: 'Take port 80 back' }).click()
  await expect(forwarded).toBeHidden()

  const protect = home.getByRole('checkbox', { name: 'Protect it' })
  await protect.check()
  await expect(home.getByRole('button', { name: 'Terminate' })).toBeDisabled()
  await home.getByRole('button', { name: 'Undo' }).click()
  await expect(protect).not.toBeChecked()
  await home.getByLabel('Tags').fill('web  blue')
  await home.getByLabel('Tags').press('Enter')
  await home.getByRole('combobox', { name: 'Terminate' }).click()
  await home.getByRole('option', { name: 'In 8 hours' }).click()
  await home.getByRole('combobox', { name: 'Stop' }).click()
  await home.getByRole('option', { name: 'After running 1 day' }).click()
  await expect.poll(read).toMatchObject({ tags: ['web', 'blue'], autoStopMinutes: 1_440, isProtected: false })
  const hours = (Date.parse((await read()).expiresAt!) - Date.now()) / 3_600_000
  expect(hours).toBeGreaterThan(7.9)
  await home.reload()
  await expect(home.getByRole('combobox', { name: 'Stop' })).toContainText('After running 1 day')
  await expectAccessible(home)
})

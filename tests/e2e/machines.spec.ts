// Over 200 lines because all tests share one app with real machines, whose template is prepared once.

import { readFileSync } from 'node:fs'
import type { MachineDto } from '@/lib/machines/schema'
import {
  createUser,
  expect,
  expectAccessible,
  trackReloads,
  type TestUser,
  emulateNetwork,
  signIn,
  terminalLine,
  test,
  typeIntoTerminal,
} from './fixtures'
import type { Page } from '@playwright/test'
import { findProcesses } from '@/tests/support/processes'

test.use({ env: { MACHINES: 'on' } })
test.describe.configure({ timeout: 180_000 })

const READY_TIMEOUT = { timeout: 90_000 }
const consoleRegion = (page: Page) => page.getByRole('region', { name: 'Console' })
const terminalRows = (page: Page) => page.getByTestId('terminal').locator('.xterm-rows')

async function fetchMachines(user: TestUser) {
  const { machines } = (await (await user.fetch('/api/v1/machines')).json()) as { machines: MachineDto[] }
  return machines
}

/** Creates a machine through the API and opens its page once it is running. */
async function openMachine(page: Page, user: TestUser, input: object = {}) {
  const response = await user.fetch('/api/v1/machines', { method: 'POST', body: JSON.stringify(input) })
  expect(response.status).toBe(202)
  const { machine } = (await response.json()) as { machine: MachineDto }
  await page.goto(`/machines/${machine.id}`)
  await expect(page.locator('#content').getByTestId('machine-state')).toContainText('Running', READY_TIMEOUT)
  await expect(consoleRegion(page)).toHaveAttribute('data-state', 'connected')
  return machine
}

/** Runs in `npm run test:full` only. */
const FULL_ONLY = { tag: '@full' }

test('creates a machine, closes the page, and finds its console working on return', async ({
  home,
  user,
}) => {
  await home.getByRole('button', { name: 'Create tiny machine' }).click()
  await expect(consoleRegion(home)).toBeVisible()
  const context = home.context()
  const [{ id, name }] = (await fetchMachines(user)) as [MachineDto]
  await home.close()

  const back = await context.newPage()
  await back.goto('/')
  await expect(back.getByRole('link', { name, exact: true })).toBeVisible()
  await expect(back.getByText(/Running · up/)).toBeVisible(READY_TIMEOUT)
  await back.getByRole('link', { name: `Open console of ${name}` }).click()
  await expect(back).toHaveURL(`/machines/${id}`)
  await expect(consoleRegion(back)).toHaveAttribute('data-state', 'connected')
  await typeIntoTerminal(back, 'echo $((6*7))')
  await expect(terminalLine(back, '42')).toBeVisible()
  const cpu = back.getByRole('term').getByText('CPU', { exact: true }).locator('..')
  await expect(cpu.getByRole('definition')).toHaveText(/^\d %$/, { timeout: 60_000 })
  await typeIntoTerminal(back, 'while :; do :; done')
  // How much of its core the machine gets depends on what else runs, so the page is compared with the emulator.
  const start = { at: Date.now(), cpuSeconds: readCpuSeconds(id) }
  let highest = 0
  const isMeanReached = async () => {
    highest = Math.max(highest, Number.parseInt(await cpu.getByRole('definition').innerText()))
    const elapsedSeconds = (Date.now() - start.at) / 1000
    const mean = (readCpuSeconds(id) - start.cpuSeconds) / elapsedSeconds
    return elapsedSeconds > 8 && highest >= 90 * mean
  }
  await expect.poll(isMeanReached, { timeout: 60_000 }).toBe(true)
  expect(highest).toBeGreaterThan(9)
  await expect(cpu.locator('polyline')).toBeVisible()
  await expectAccessible(back)
})

test(
  'shares a console between two pages, including output missed while one was offline',
  FULL_ONLY,
  async ({ home, user }) => {
    const machine = await openMachine(home, user)
    const expectNoReload = await trackReloads(home)
    const other = await home.context().newPage()
    await other.goto(`/machines/${machine.id}`)
    await expect(consoleRegion(other)).toHaveAttribute('data-state', 'connected')
    await expect(home.getByTitle('2 viewers')).toBeVisible()
    await typeIntoTerminal(home, 'echo from-$((17*3))-one')
    await expect(terminalRows(other)).toContainText('from-51-one')

    await emulateNetwork(home, { isOffline: true })
    await home.evaluate('window.dispatchEvent(new Event("offline"))')
    await expect(consoleRegion(home)).toHaveAttribute('data-state', 'connecting', { timeout: 60_000 })
    await typeIntoTerminal(other, 'echo sent-$((2*1))-offline')
    await expect(terminalRows(other)).toContainText('sent-2-offline')
    await emulateNetwork(home, { isOffline: false })
    await expect(consoleRegion(home)).toHaveAttribute('data-state', 'connected', { timeout: 60_000 })
    await expect(terminalRows(home)).toContainText('sent-2-offline')
    await expectNoReload()
  },
)

test('replays the boot and pastes text into the console', FULL_ONLY, async ({ home, user }) => {
  await openMachine(home, user)
  // A restored machine prints all of its boot output within a moment.
  await typeIntoTerminal(home, 'for i in 1 2 3; do sleep 1; echo line-$i; done')
  await expect(terminalRows(home)).toContainText('line-3')
  await home.getByRole('button', { name: 'Replay from boot' }).click()
  await expect(consoleRegion(home)).toHaveAttribute('data-state', 'replaying')
  await home.getByRole('button', { name: 'Stop replay' }).click()
  await expect(consoleRegion(home)).toHaveAttribute('data-state', 'connected')
  await home.getByRole('textbox', { name: 'Terminal input' }).evaluate((element) => {
    const data = new DataTransfer()
    data.setData('text/plain', 'echo pasted-$((3*3))')
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
  })
  await home.keyboard.press('Enter')
  await expect(terminalRows(home)).toContainText('pasted-9')
})

test('stops, starts, and terminates a machine from its page', FULL_ONLY, async ({ home, user }) => {
  const machine = await openMachine(home, user, { name: 'power-cycled' })
  const state = home.locator('#content').getByTestId('machine-state')
  await home.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(state).toContainText('Stopped', READY_TIMEOUT)
  await home.getByRole('button', { name: 'Start' }).first().click()
  await expect(state).toContainText('Running', READY_TIMEOUT)
  await home.getByRole('button', { name: 'Terminate' }).click()
  await home.getByLabel('Type power-cycled to confirm').fill('power-cycled')
  await home.getByRole('dialog').getByRole('button', { name: 'Terminate' }).click()
  await expect(state).toContainText('Terminated', READY_TIMEOUT)
  await expect(home.getByText('The machine and its disk were deleted.')).toBeVisible()
  await home.goto('/machines')
  await expect(home.getByRole('link', { name: machine.name, exact: true })).toBeHidden()
})

test('creates a machine for a startup script and streams its output @full', async ({ home }) => {
  await home.keyboard.press('Control+k')
  await home.getByPlaceholder('Search or run a command').fill('create')
  await home.getByRole('option', { name: 'Create machine' }).click()
  await home.getByLabel('Name').fill('one-script')
  await home.getByText('Advanced options').click()
  await home.getByLabel('Startup script').fill('echo first\nsleep 3\necho second\nexit 3')
  await expectAccessible(home)
  await home.getByRole('button', { name: 'Create machine' }).click()
  const output = home.getByLabel('Script output')
  await expect(output).toContainText('first', READY_TIMEOUT)
  await expect(output).not.toContainText('second')
  await expect(output).toContainText('second', { timeout: 20_000 })
  await expect(home.getByText('Exit code 3')).toBeVisible()
})

test(
  'reports a machine that loses its internet connection, and restores it',
  FULL_ONLY,
  async ({ home, user }) => {
    test.skip(process.getuid?.() !== 0, 'finding the slirp4netns process of a machine needs root')
    const machine = await openMachine(home, user, { name: 'online', network: 'outbound' })
    process.kill(findSlirpPid(machine.id), 'SIGKILL')
    await expect(home.getByText('No internet access: the process')).not.toHaveCount(0)
    const trail = home.getByRole('list', { name: 'Activity' })
    await expect(trail).toContainText('impaired')
    await expect(trail).toContainText('recovered')
    await expect(home.getByRole('status').filter({ hasText: 'no internet' })).toBeHidden()
    await typeIntoTerminal(home, 'echo still-$((6*7))')
    await expect(terminalRows(home)).toContainText('still-42')
  },
)

test('hides a machine from other users', FULL_ONLY, async ({ home, user, browser, app }) => {
  const machine = await openMachine(home, user)
  const otherUser = await createUser(app)
  const context = await browser.newContext({ baseURL: app.url })
  const other = await context.newPage()
  await signIn(other, otherUser)
  await other.goto(`/machines/${machine.id}`)
  await expect(other.getByText('Page not found')).toBeVisible()
  await expect(consoleRegion(other)).toBeHidden()
  await other.goto('/machines')
  await expect(other.getByRole('heading', { name: 'No machines yet' })).toBeVisible()
  await expectAccessible(other)
  await context.close()
})

/** The CPU time of the processes of a machine. */
const readCpuSeconds = (machineId: string) =>
  findProcesses(machineId).reduce((sum, { pid }) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [userTicks, systemTicks] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
    return sum + (Number(userTicks) + Number(systemTicks)) / 100
  }, 0)

/** The process that connects a machine to the internet, which runs in the machine’s session. */
function findSlirpPid(machineId: string) {
  const sessionOf = (pid: number) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]
  }
  const session = sessionOf(findProcesses(machineId)[0]!.pid)
  const all = findProcesses('slirp4netns').filter(({ command }) => command.startsWith('slirp4netns'))
  return all.find(({ pid }) => sessionOf(pid) === session)!.pid
}

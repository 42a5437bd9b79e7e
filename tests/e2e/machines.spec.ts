import { readFileSync } from 'node:fs'
import type { MachineDto } from '@/lib/machines/contract'
import {
  createPerson,
  expect,
  expectAccessible,
  expectNoReload,
  type Person,
  setNetwork,
  signIn,
  test,
} from './house'
import type { Page } from '@playwright/test'
import { processesNaming } from '@/tests/support/processes'

test.describe.configure({ timeout: 180_000 })

const READY = { timeout: 90_000 }
const consoleOf = (page: Page) => page.getByRole('region', { name: 'Console' })
const screen = (page: Page) => page.getByTestId('terminal').locator('.xterm-rows')

async function machinesOf(person: Person) {
  const { machines } = (await (await person.ask('/api/v1/machines')).json()) as { machines: MachineDto[] }
  return machines
}

/** Orders a machine through the API and opens its page when it runs. */
async function openMachine(page: Page, person: Person, order: object = {}) {
  const answer = await person.ask('/api/v1/machines', { method: 'POST', body: JSON.stringify(order) })
  expect(answer.status).toBe(202)
  const { machine } = (await answer.json()) as { machine: MachineDto }
  await page.goto(`/machines/${machine.id}`)
  await expect(page.locator('#content').getByTestId('machine-state')).toContainText('Running', READY)
  await expect(consoleOf(page)).toHaveAttribute('data-state', 'connected')
  return machine
}

async function type(page: Page, line: string) {
  await page.getByRole('textbox', { name: 'Terminal input' }).focus()
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
}

/** Only in `npm run test:full`. */
const long = { tag: '@full' }

test('a machine is ordered, the page closed, and its console answers whoever comes back', async ({
  home,
  person,
}) => {
  await home.getByRole('button', { name: 'Order tiny' }).click()
  await expect(consoleOf(home)).toBeVisible()
  const context = home.context()
  const [{ id, name }] = (await machinesOf(person)) as [MachineDto]
  await home.close()

  const back = await context.newPage()
  await back.goto('/')
  await expect(back.getByRole('link', { name, exact: true })).toBeVisible()
  await expect(back.getByText(/Running · up/)).toBeVisible(READY)
  await back.getByRole('link', { name: `Open the console of ${name}` }).click()
  await expect(back).toHaveURL(`/machines/${id}`)
  await expect(consoleOf(back)).toHaveAttribute('data-state', 'connected')
  await type(back, 'echo $((6*7))')
  await expect(
    screen(back)
      .locator('div')
      .filter({ hasText: /^42\s*$/ }),
  ).toBeVisible()
  await type(back, 'while :; do :; done')
  const cpu = back.getByRole('term').getByText('CPU', { exact: true }).locator('..')
  // It gets a core once other tests leave it one.
  await expect(cpu.getByRole('definition')).toHaveText(/^([5-9]\d|1\d\d) %$/, { timeout: 60_000 })
  await expect(cpu.locator('polyline')).toBeVisible()
  await expectAccessible(back)
})

test(
  'two look at the same console, also after the network was away, and what was said is there for both',
  long,
  async ({ home, person }) => {
    const machine = await openMachine(home, person)
    const isSame = await expectNoReload(home)
    const other = await home.context().newPage()
    await other.goto(`/machines/${machine.id}`)
    await expect(consoleOf(other)).toHaveAttribute('data-state', 'connected')
    await expect(home.getByTitle('2 are looking')).toBeVisible()
    await type(home, 'echo from-$((17*3))-one')
    await expect(screen(other)).toContainText('from-51-one')

    await setNetwork(home, { isAway: true })
    await home.evaluate('window.dispatchEvent(new Event("offline"))')
    await expect(consoleOf(home)).toHaveAttribute('data-state', 'connecting', { timeout: 60_000 })
    await type(other, 'echo while-$((2*1))-away')
    await expect(screen(other)).toContainText('while-2-away')
    await setNetwork(home, { isAway: false })
    await expect(consoleOf(home)).toHaveAttribute('data-state', 'connected', { timeout: 60_000 })
    await expect(screen(home)).toContainText('while-2-away')
    await isSame()
  },
)

test('the boot is replayed, and text is pasted', long, async ({ home, person }) => {
  await openMachine(home, person)
  // A restored machine has said all of its start within a moment.
  await type(home, 'for i in 1 2 3; do sleep 1; echo said-$i; done')
  await expect(screen(home)).toContainText('said-3')
  await home.getByRole('button', { name: 'Replay from the boot on' }).click()
  await expect(consoleOf(home)).toHaveAttribute('data-state', 'replaying')
  await home.getByRole('button', { name: 'Stop the replay' }).click()
  await expect(consoleOf(home)).toHaveAttribute('data-state', 'connected')
  await home.getByRole('textbox', { name: 'Terminal input' }).evaluate((element) => {
    const data = new DataTransfer()
    data.setData('text/plain', 'echo pasted-$((3*3))')
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
  })
  await home.keyboard.press('Enter')
  await expect(screen(home)).toContainText('pasted-9')
})

test('a machine is stopped, started and terminated from its page', long, async ({ home, person }) => {
  const machine = await openMachine(home, person, { name: 'worked-on' })
  const state = home.locator('#content').getByTestId('machine-state')
  await home.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(state).toContainText('Stopped', READY)
  await home.getByRole('button', { name: 'Start' }).first().click()
  await expect(state).toContainText('Running', READY)
  await home.getByRole('button', { name: 'Terminate' }).click()
  await home.getByLabel('Type worked-on to go on').fill('worked-on')
  await home.getByRole('dialog').getByRole('button', { name: 'Terminate' }).click()
  await expect(state).toContainText('Terminated', READY)
  await expect(home.getByText('Nothing is left of it')).toBeVisible()
  await home.goto('/machines')
  await expect(home.getByRole('link', { name: machine.name, exact: true })).toBeHidden()
})

test('a machine is made for one script, whose output is told as it comes @full', async ({ home }) => {
  await home.keyboard.press('Control+k')
  await home.getByPlaceholder('Find a video, a machine').fill('order')
  await home.getByRole('option', { name: 'Order a machine' }).click()
  await home.getByLabel('Name').fill('one-job')
  await home.getByText('Script, network, keys, time to live').click()
  await home.getByLabel('Script', { exact: true }).fill('echo first\nsleep 3\necho second\nexit 3')
  await expectAccessible(home)
  await home.getByRole('button', { name: 'Order machine' }).click()
  const output = home.getByLabel('What the script printed')
  await expect(output).toContainText('first', READY)
  await expect(output).not.toContainText('second')
  await expect(output).toContainText('second', { timeout: 20_000 })
  await expect(home.getByText('Exit code 3')).toBeVisible()
})

test('a machine that loses its internet says so, and gets it back', long, async ({ home, person }) => {
  test.skip(process.getuid?.() !== 0, 'whose slirp4netns it is, root alone sees for sure')
  const machine = await openMachine(home, person, { name: 'online', network: 'outbound' })
  process.kill(slirpOf(machine.id), 'SIGKILL')
  await expect(home.getByText('It has no internet now')).not.toHaveCount(0)
  const trail = home.getByRole('list', { name: 'Who did what' })
  await expect(trail).toContainText('impaired')
  await expect(trail).toContainText('recovered')
  await expect(home.getByRole('status').filter({ hasText: 'no internet' })).toBeHidden()
  await type(home, 'echo still-$((6*7))')
  await expect(screen(home)).toContainText('still-42')
})

test('somebody else’s machine is not there', long, async ({ home, person, browser, app }) => {
  const machine = await openMachine(home, person)
  const stranger = await createPerson(app)
  const context = await browser.newContext({ baseURL: app.url })
  const other = await context.newPage()
  await signIn(other, stranger)
  await other.goto(`/machines/${machine.id}`)
  await expect(other.getByText('There is nothing here')).toBeVisible()
  await expect(consoleOf(other)).toBeHidden()
  await other.goto('/machines')
  await expect(other.getByRole('heading', { name: 'No machine yet' })).toBeVisible()
  await expectAccessible(other)
  await context.close()
})

/** The process that connects a machine with the internet: it is of the same session. */
function slirpOf(machineId: string) {
  const sessionOf = (pid: number) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]
  }
  const session = sessionOf(processesNaming(machineId)[0]!.pid)
  const all = processesNaming('slirp4netns').filter(({ command }) => command.startsWith('slirp4netns'))
  return all.find(({ pid }) => sessionOf(pid) === session)!.pid
}

import { expect, type Page } from '@playwright/test'
import type { MachineDto, CreateMachineResponse } from '@/lib/machines/schema'
import { median, quantile, type Measurement, measureMs } from './measurement'
import { withSignedInPage } from './signed-in-page'

const CLICKS = 12
const CONCURRENCY = 10
const TIMEOUT_MS = 90_000

interface Options {
  url: string
  key: string
  email: string
  password: string
}

/**
 * Through the whole app: from the press on "Create tiny machine" in a real browser until the console on the page shows
 * the answer to what was typed; and ten orders at once by the API until all of them run.
 */
export const benchmarkMachineCreation = (given: Options) =>
  withSignedInPage(given, (page) => measureMachineCreation(page, createRequestJson(given)))

async function measureMachineCreation(page: Page, ask: RequestJson): Promise<Measurement[]> {
  // The template of this size is made meanwhile; whoever orders before that gets a cold boot.
  await waitUntilTemplateReady(ask)
  const waits: number[] = []
  for (let round = 0; round < CLICKS; round++) {
    // A person clicks on a page that has come to rest.
    await page.goto('/', { waitUntil: 'networkidle' })
    // Finding the button is not part of the wait.
    await page.getByRole('button', { name: 'Create tiny machine' }).hover()
    waits.push(await measureMs(() => createAndType(page)))
    await terminateAllMachines(ask)
  }
  const atOnce = await measureMs(async () => {
    const orders = await Promise.all(Array.from({ length: CONCURRENCY }, () => createMachine(ask)))
    await Promise.all(orders.map(({ machine }) => waitUntilRunning(ask, machine.id)))
  })
  await terminateAllMachines(ask)
  return [
    { name: 'click → console answers, p50', value: median(waits) / 1000, unit: 's', aim: '≤ 1.0' },
    { name: 'click → console answers, p95', value: quantile(waits, 0.95) / 1000, unit: 's', aim: '≤ 2' },
    { name: `${CONCURRENCY} orders at once, all run`, value: atOnce / 1000, unit: 's', aim: '≤ 10' },
  ]
}

async function createAndType(page: Page) {
  await page.mouse.down()
  await page.mouse.up()
  // A shell that has not asked yet does not hear what is typed.
  await waitUntilShown(page, '# \\s*$')
  await page.keyboard.type('echo $((6*7))')
  await page.keyboard.press('Enter')
  await waitUntilShown(page, '^42\\s*$')
}

/** Looked for in every frame: what Playwright's own waiting polls for comes up to half a second late. */
const waitUntilShown = (page: Page, pattern: string) =>
  page.waitForFunction(
    (wanted) => {
      const terminal = document.activeElement?.closest('[data-testid=terminal]')
      const rows = [...(terminal?.querySelectorAll('.xterm-rows div') ?? [])]
      return rows.some((row) => new RegExp(wanted).test(row.textContent))
    },
    pattern,
    { timeout: TIMEOUT_MS },
  )

type RequestJson = ReturnType<typeof createRequestJson>
const createRequestJson =
  ({ url, key }: Options) =>
  async <T>(at: string, init: RequestInit = {}) => {
    const answer = await fetch(`${url}${at}`, { ...init, headers: { authorization: `Bearer ${key}` } })
    if (!answer.ok) throw new Error(`${at}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

const createMachine = (ask: RequestJson) =>
  ask<CreateMachineResponse>('/api/v1/machines', { method: 'POST', body: '{}' })

const waitUntilRunning = (ask: RequestJson, id: string) =>
  expect
    .poll(async () => (await ask<MachineDto>(`/api/v1/machines/${id}`)).state, {
      timeout: TIMEOUT_MS,
      intervals: [50],
    })
    .toBe('running')

/** Orders until one was restored rather than booted: its making then takes less than a cold boot can. */
async function waitUntilTemplateReady(ask: RequestJson) {
  await expect
    .poll(
      async () => {
        const { machine } = await createMachine(ask)
        const ms = await measureMs(() => waitUntilRunning(ask, machine.id))
        await terminateAllMachines(ask)
        return ms
      },
      { timeout: 3 * TIMEOUT_MS },
    )
    .toBeLessThan(1_500)
}

async function terminateAllMachines(ask: RequestJson) {
  const left = async () => (await ask<{ machines: MachineDto[] }>('/api/v1/machines')).machines
  for (const { id } of await left()) await ask(`/api/v1/machines/${id}`, { method: 'DELETE' })
  await expect.poll(async () => (await left()).length, { timeout: TIMEOUT_MS, intervals: [50] }).toBe(0)
}

import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MachineDto, CreateMachineResponse } from '@/lib/machines/schema'
import type { TestUser } from '@/tests/support/accounts'
import { type App, startApp } from '@/tests/support/app'
import { findProcesses } from '@/tests/support/processes'

const STAGES = ['Preparing the image', 'Creating the disk', 'Booting', 'Waiting for the guest']

let app: App
let user: TestUser
beforeAll(async () => {
  app = await startApp()
  user = await app.createUser('fault@example.com', { isAdmin: true })
})
afterAll(() => app.stop())

const createMachine = (name: string) =>
  user.fetchJson<CreateMachineResponse>('/api/v1/machines', {
    method: 'POST',
    body: JSON.stringify({ name }),
  })
const fetchMachine = (id: string) => user.fetchJson<MachineDto>(`/api/v1/machines/${id}`).catch(() => null)
const waitForState = (id: string, state: MachineDto['state']) =>
  expect.poll(async () => (await fetchMachine(id))?.state, { timeout: 180_000, interval: 200 }).toBe(state)
/** QEMU processes of users' machines; templates are being built at the same time. */
const findQemuProcesses = () =>
  findProcesses(app.dataDir).filter(
    ({ command }) => /^\S*qemu-system/.test(command) && !command.includes('guest=template'),
  )
const killWorker = () => process.kill(app.findPid('dist/worker.js'), 'SIGKILL')
const fetchTaskStage = async (id: string) =>
  (await user.fetchJson<{ stage: string | null }>(`/api/v1/tasks/${id}`)).stage

async function terminateMachine(id: string) {
  await user.fetchJson(`/api/v1/machines/${id}`, { method: 'DELETE' })
  await waitForState(id, 'terminated')
}

it.each(STAGES)('leaves exactly one machine after kill -9 of the worker at stage “%s”', async (stage) => {
  const { machine, task } = await createMachine('killed')
  const isStageReached = async () => {
    const now = await fetchTaskStage(task.id)
    const { state } = (await fetchMachine(machine.id))!
    // A stage may be too short to be observed: a later one counts, too.
    return state === 'running' || STAGES.indexOf(now ?? '') >= STAGES.indexOf(stage)
  }
  await expect.poll(isStageReached, { timeout: 120_000, interval: 20 }).toBe(true)
  killWorker()
  await waitForState(machine.id, 'running')
  expect(findQemuProcesses()).toHaveLength(1)
  await terminateMachine(machine.id)
  await expect.poll(findQemuProcesses, { timeout: 20_000 }).toEqual([])
})

it('adopts running machines with their uptime after a worker restart', async () => {
  const orders = await Promise.all(['one', 'two', 'three'].map(createMachine))
  const ids = orders.map(({ machine }) => machine.id)
  for (const id of ids) await waitForState(id, 'running')
  const before = await Promise.all(ids.map(fetchMachine))
  const pids = findQemuProcesses().map(({ pid }) => pid)
  const killed = app.findPid('dist/worker.js')
  killWorker()
  await expect.poll(() => app.findPid('dist/worker.js'), { timeout: 30_000 }).not.toBe(killed)
  // A completed operation shows that the new worker holds the host lease.
  await user.fetchJson(`/api/v1/machines/${ids[0]}/stop`, { method: 'POST' })
  await waitForState(ids[0]!, 'stopped')
  for (const machine of before.slice(1))
    expect(await fetchMachine(machine!.id)).toMatchObject({ state: 'running', startedAt: machine!.startedAt })
  expect(findQemuProcesses().every(({ pid }) => pids.includes(pid))).toBe(true)
  for (const id of ids) await terminateMachine(id)
  await expect.poll(findQemuProcesses, { timeout: 20_000 }).toEqual([])
})

it('stops a machine whose process is killed and stores the reason', async () => {
  const { machine } = await createMachine('crashed')
  await waitForState(machine.id, 'running')
  process.kill(findQemuProcesses()[0]!.pid, 'SIGKILL')
  await waitForState(machine.id, 'stopped')
  expect((await fetchMachine(machine.id))?.error?.message).toMatch(/\S/)
  await terminateMachine(machine.id)
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MachineDto, MachineOrderAnswer } from '@/lib/machines/contract'
import { type App, startApp } from '@/tests/support/app'
import { processesNaming } from '@/tests/support/processes'

const STAGES = ['Preparing the image', 'Making the disk', 'Booting', 'Waiting for its answer']

let app: App
let key: string
beforeAll(async () => {
  app = await startApp()
  key = app.createAccount({ email: 'fault@example.com', password: 'correct-horse-battery' })
})
afterAll(() => app.stop())

async function api<T>(at: string, init: RequestInit = {}) {
  const answer = await fetch(`${app.url}${at}`, { ...init, headers: { authorization: `Bearer ${key}` } })
  if (!answer.ok) throw new Error(`${at}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}
const order = (name: string) =>
  api<MachineOrderAnswer>('/api/v1/machines', { method: 'POST', body: JSON.stringify({ name }) })
const read = (id: string) => api<MachineDto>(`/api/v1/machines/${id}`).catch(() => null)
const becomes = (id: string, state: MachineDto['state']) =>
  expect.poll(async () => (await read(id))?.state, { timeout: 180_000, interval: 200 }).toBe(state)
/** The virtual machines that people asked for, as processes of this computer; templates are made beside them. */
const guests = () =>
  processesNaming(app.dataDir).filter(
    ({ command }) => /^\S*qemu-system/.test(command) && !command.includes('guest=template'),
  )
const killWorker = () => process.kill(app.processOf('worker/main.ts'), 'SIGKILL')
const taskStage = async (id: string) => (await api<{ stage: string | null }>(`/api/v1/tasks/${id}`)).stage

async function terminate(id: string) {
  await api(`/api/v1/machines/${id}`, { method: 'DELETE' })
  await becomes(id, 'terminated')
}

it.each(STAGES)('kill -9 of the worker at “%s” leaves exactly one machine', async (stage) => {
  const { machine, task } = await order('killed')
  const seen = async () => {
    const now = await taskStage(task.id)
    const { state } = (await read(machine.id))!
    // Where a stage is over too soon to be seen, the one after it is as good.
    return state === 'running' || STAGES.indexOf(now ?? '') >= STAGES.indexOf(stage)
  }
  await expect.poll(seen, { timeout: 120_000, interval: 20 }).toBe(true)
  killWorker()
  await becomes(machine.id, 'running')
  expect(guests()).toHaveLength(1)
  await terminate(machine.id)
  await expect.poll(guests, { timeout: 20_000 }).toEqual([])
})

it('a worker that is started again adopts running machines, with their uptime', async () => {
  const orders = await Promise.all(['one', 'two', 'three'].map(order))
  const ids = orders.map(({ machine }) => machine.id)
  for (const id of ids) await becomes(id, 'running')
  const before = await Promise.all(ids.map(read))
  const pids = guests().map(({ pid }) => pid)
  const killed = app.processOf('worker/main.ts')
  killWorker()
  await expect.poll(() => app.processOf('worker/main.ts'), { timeout: 30_000 }).not.toBe(killed)
  // It speaks for the host again when it does as it is told.
  await api(`/api/v1/machines/${ids[0]}/stop`, { method: 'POST' })
  await becomes(ids[0]!, 'stopped')
  for (const machine of before.slice(1))
    expect(await read(machine!.id)).toMatchObject({ state: 'running', startedAt: machine!.startedAt })
  expect(guests().every(({ pid }) => pids.includes(pid))).toBe(true)
  for (const id of ids) await terminate(id)
  await expect.poll(guests, { timeout: 20_000 }).toEqual([])
})

it('a machine that is killed from outside is stopped, and says why', async () => {
  const { machine } = await order('shot')
  await becomes(machine.id, 'running')
  process.kill(guests()[0]!.pid, 'SIGKILL')
  await becomes(machine.id, 'stopped')
  expect((await read(machine.id))?.error?.message).toMatch(/\S/)
  await terminate(machine.id)
})

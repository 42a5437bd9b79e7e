import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { CONSOLE_NAMESPACE } from '@/lib/machines/console-contract'
import type { MachineDto, MachineOrderAnswer } from '@/lib/machines/contract'
import { SOCKET_PATH } from '@/lib/realtime/contract'
import { useDatabase } from '@/tests/support/database'
import { type Person, startWeb, startWorker, type Web } from '@/tests/support/web'

const database = useDatabase()
const WAIT = { timeout: 60_000, interval: 100 }
/** Another address of the loopback stands for another computer. */
const ELSEWHERE = '127.0.0.2'
const otherDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-host-'))
let web: Web
let ada: Person
let near: Awaited<ReturnType<typeof startWorker>>
let far: Awaited<ReturnType<typeof startWorker>>

beforeAll(async () => {
  const env = { MACHINES: 'on', MACHINE_DRIVER: 'fake', AUTH_SECRET: randomUUID() }
  web = await startWeb({ databaseUrl: database.url, env })
  ada = await web.person('ada@example.com')
  far = await startWorker(web, { DATA_DIR: otherDir, MACHINE_HOST_LISTEN: ELSEWHERE })
})
afterAll(async () => {
  await near.end('SIGTERM')
  await far.end('SIGKILL')
  await web.stop()
  rmSync(otherDir, { recursive: true, force: true })
})

const read = async (id: string) => (await (await ada.ask(`/api/v1/machines/${id}`)).json()) as MachineDto
const becomes = (id: string, state: string) =>
  vi.waitFor(async () => expect((await read(id)).state).toBe(state), WAIT)
const hostOf = async (id: string) =>
  (await database.db.machine.findUniqueOrThrow({ where: { id }, include: { host: true } })).host!

async function order(name: string) {
  const answer = await ada.ask('/api/v1/machines', { method: 'POST', body: JSON.stringify({ name }) })
  const { machine } = (await answer.json()) as MachineOrderAnswer
  await becomes(machine.id, 'running')
  return machine.id
}

async function recordingOf(id: string) {
  const answer = await ada.ask(`/api/v1/machines/${id}/console`, { method: 'POST' })
  const { token } = (await answer.json()) as { token: string }
  const line = io(`${web.url}${CONSOLE_NAMESPACE}`, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token },
    extraHeaders: { authorization: `Bearer ${ada.key}` },
  })
  const said = await new Promise<string>((resolve) => {
    line.once('recording', (bytes: Uint8Array) => resolve(Buffer.from(bytes).toString()))
    line.once('disconnect', (reason) => resolve(reason))
    line.once('connect_error', (error) => resolve(error.message))
  })
  line.disconnect()
  return said
}

it('machines of two computers are each worked on, shown and reached where they are', async () => {
  const there = await order('there')
  expect(new URL((await hostOf(there)).consoleUrl).hostname).toBe(ELSEWHERE)
  near = await startWorker(web)
  await vi.waitFor(async () => expect(await database.db.machineHost.count()).toBe(2), WAIT)

  // Only its own host knows it: the other one would find nothing.
  for (const [action, state] of [
    ['stop', 'stopped'],
    ['start', 'running'],
    ['reboot', 'running'],
  ] as const) {
    await ada.ask(`/api/v1/machines/${there}/${action}`, { method: 'POST' })
    await becomes(there, state)
  }
  expect(await recordingOf(there)).toContain('This is there: a fake.')
  expect(await (await ada.ask(`/machines/${there}/ports/80/`)).json()).toMatchObject({ hostname: 'there' })

  await far.end('SIGKILL')
  const here = await order('here')
  expect(new URL((await hostOf(here)).consoleUrl).hostname).toBe('127.0.0.1')
  const away = await ada.ask(`/machines/${there}/ports/80/`)
  expect([away.status, await away.json()]).toEqual([
    503,
    expect.objectContaining({ code: 'machine.host_away' }),
  ])
  expect(await recordingOf(there)).toBe('io server disconnect')

  // As if 20 s had passed. Who is lost shows as such; the other goes on.
  const { id } = await hostOf(there)
  await database.db.machineHost.update({ where: { id }, data: { seenAt: new Date(Date.now() - 60_000) } })
  expect((await read(there)).host).toMatchObject({ isLost: true })
  expect((await read(here)).host).toMatchObject({ isLost: false })
  await vi.waitFor(async () => expect((await hostOf(there)).lostAt).not.toBeNull(), WAIT)
  expect(await recordingOf(here)).toContain('This is here: a fake.')

  // It comes back at another port, with what it had.
  far = await startWorker(web, { DATA_DIR: otherDir, MACHINE_HOST_LISTEN: ELSEWHERE })
  await vi.waitFor(async () => expect((await read(there)).host).toMatchObject({ isLost: false }), WAIT)
})

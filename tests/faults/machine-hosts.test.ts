import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { CONSOLE_NAMESPACE } from '@/lib/machines/console-protocol'
import { SOCKET_PATH } from '@/lib/realtime/collections'
import { createRunningMachine, fetchMachine, waitForMachineState } from '@/tests/support/api-machines'
import { useDatabase } from '@/tests/support/database'
import type { TestUser } from '@/tests/support/accounts'
import { startWeb, startWorker, type Web } from '@/tests/support/web'

const database = useDatabase()
const POLL_OPTIONS = { timeout: 60_000, interval: 100 }
/** A second loopback address simulates another computer. */
const REMOTE_ADDRESS = '127.0.0.2'
const remoteDataDir = mkdtempSync(path.join(tmpdir(), 'meanwhile-host-'))
let web: Web
let ada: TestUser
let localWorker: Awaited<ReturnType<typeof startWorker>>
let remoteWorker: Awaited<ReturnType<typeof startWorker>>

beforeAll(async () => {
  const env = { MACHINES: 'on', MACHINE_DRIVER: 'fake', AUTH_SECRET: randomUUID() }
  web = await startWeb({ databaseUrl: database.url, env })
  ada = await web.createUser('ada@example.com')
  remoteWorker = await startWorker(web, { DATA_DIR: remoteDataDir, MACHINE_HOST_LISTEN: REMOTE_ADDRESS })
})
afterAll(async () => {
  await localWorker.stop('SIGTERM')
  await remoteWorker.stop('SIGKILL')
  await web.stop()
  rmSync(remoteDataDir, { recursive: true, force: true })
})

const findHost = async (id: string) =>
  (await database.db.machine.findUniqueOrThrow({ where: { id }, include: { host: true } })).host!

async function readConsoleRecording(id: string) {
  const { token } = await ada.fetchJson<{ token: string }>(`/api/v1/machines/${id}/console`, {
    method: 'POST',
  })
  const socket = io(`${web.url}${CONSOLE_NAMESPACE}`, {
    path: SOCKET_PATH,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token },
    extraHeaders: { authorization: `Bearer ${ada.key}` },
  })
  const result = await new Promise<string>((resolve) => {
    socket.once('recording', (bytes: Uint8Array) => resolve(Buffer.from(bytes).toString()))
    socket.once('disconnect', (reason) => resolve(reason))
    socket.once('connect_error', (error) => resolve(error.message))
  })
  socket.disconnect()
  return result
}

it('operates, shows and proxies each machine on its own host', async () => {
  const { id: there } = await createRunningMachine(ada, 'there')
  expect(new URL((await findHost(there)).consoleUrl).hostname).toBe(REMOTE_ADDRESS)
  localWorker = await startWorker(web)
  await vi.waitFor(async () => expect(await database.db.machineHost.count()).toBe(2), POLL_OPTIONS)

  // Only its own host has the machine.
  for (const [action, state] of [
    ['stop', 'stopped'],
    ['start', 'running'],
    ['reboot', 'running'],
  ] as const) {
    await ada.fetch(`/api/v1/machines/${there}/${action}`, { method: 'POST' })
    await waitForMachineState(ada, { id: there, state })
  }
  expect(await readConsoleRecording(there)).toContain('This is there: a fake.')
  expect(await (await ada.fetch(`/machines/${there}/ports/80/`)).json()).toMatchObject({ hostname: 'there' })

  await remoteWorker.stop('SIGKILL')
  const { id: here } = await createRunningMachine(ada, 'here')
  expect(new URL((await findHost(here)).consoleUrl).hostname).toBe('127.0.0.1')
  const unreachable = await ada.fetch(`/machines/${there}/ports/80/`)
  expect([unreachable.status, await unreachable.json()]).toEqual([
    503,
    expect.objectContaining({ code: 'machine.host_away' }),
  ])
  expect(await readConsoleRecording(there)).toBe('io server disconnect')

  // Simulates the host timeout (20 s). The lost host is shown as lost; the other keeps working.
  const { id } = await findHost(there)
  await database.db.machineHost.update({ where: { id }, data: { seenAt: new Date(Date.now() - 60_000) } })
  expect((await fetchMachine(ada, there)).host).toMatchObject({ isLost: true })
  expect((await fetchMachine(ada, here)).host).toMatchObject({ isLost: false })
  await vi.waitFor(async () => expect((await findHost(there)).lostAt).not.toBeNull(), POLL_OPTIONS)
  expect(await readConsoleRecording(here)).toContain('This is here: a fake.')

  // The host returns on another port with its machines.
  remoteWorker = await startWorker(web, { DATA_DIR: remoteDataDir, MACHINE_HOST_LISTEN: REMOTE_ADDRESS })
  await vi.waitFor(
    async () => expect((await fetchMachine(ada, there)).host).toMatchObject({ isLost: false }),
    POLL_OPTIONS,
  )
})

import { once } from 'node:events'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import type { MachineDto, MachinePortDto } from '@/lib/machines/schema'
import type { TestUser } from '@/tests/support/accounts'
import { createRunningMachine } from '@/tests/support/api-machines'
import { useDatabase } from '@/tests/support/database'
import { isPortOpen, occupyMachinePort } from '@/tests/support/machine-port'
import { FAKE_MACHINES, startWeb, startWorker, type Web } from '@/tests/support/web'

const database = useDatabase()
let web: Web
let worker: Awaited<ReturnType<typeof startWorker>>
let eve: TestUser
let machine: MachineDto
const restartWith = async (env: Record<string, string>) => {
  await worker?.stop('SIGTERM')
  await web?.stop()
  web = await startWeb({
    databaseUrl: database.url,
    env: { ...FAKE_MACHINES, ...env },
  })
  worker = await startWorker(web)
}

beforeAll(async () => {
  await restartWith({})
  eve = await web.createUser('eve@example.com')
  machine = await createRunningMachine(eve, 'box')
})
afterAll(async () => {
  await worker.stop('SIGTERM')
  await web.stop()
})

const portsPath = () => `/api/v1/machines/${machine.id}/ports`
async function forward(request: { guestPort: number; hostPort?: number }) {
  const response = await eve.fetch(portsPath(), { method: 'POST', body: JSON.stringify(request) })
  const { code, hostPort } = (await response.json()) as MachinePortDto & { code?: string }
  return { status: response.status, code, hostPort }
}
function stopWorker() {
  const { pid } = worker
  process.kill(pid, 'SIGSTOP')
  onTestFinished(() => void process.kill(pid, 'SIGCONT'))
}
const listPorts = async () => (await eve.fetchJson<{ ports: MachinePortDto[] }>(portsPath())).ports
const stopForwarding = (guestPort: number) => eve.fetch(`${portsPath()}/${guestPort}`, { method: 'DELETE' })

it('refuses host ports outside the range for machines', async () => {
  for (const hostPort of [1_024, 3_000, 5_432, 19_999, 30_000, 65_535])
    expect(await forward({ guestPort: 80, hostPort })).toMatchObject({
      status: 422,
      code: 'port.out_of_range',
    })
  expect(await listPorts()).toEqual([])
})

it('chooses a free port of the range if the request names none', async () => {
  const { status, hostPort } = await forward({ guestPort: 80 })
  expect(status).toBe(201)
  expect(hostPort).toBeGreaterThanOrEqual(20_000)
  expect(hostPort).toBeLessThanOrEqual(29_999)
  await stopForwarding(80)
})

it('keeps no row of a port that another program uses, so the guest never gets it later', async () => {
  const { port, server } = await occupyMachinePort()
  expect(await forward({ guestPort: 80, hostPort: port })).toMatchObject({ status: 409, code: 'port.taken' })
  server.close()
  await once(server, 'close')
  // Makes the host sync.
  expect(await forward({ guestPort: 81 })).toMatchObject({ status: 201 })
  expect([(await listPorts()).map(({ guestPort }) => guestPort), await isPortOpen(port)]).toEqual([
    [81],
    false,
  ])
  await stopForwarding(81)
})

it('keeps no row of a port whose host does not answer', async () => {
  const { port, server } = await occupyMachinePort()
  server.close()
  await once(server, 'close')
  stopWorker()
  expect(await forward({ guestPort: 80, hostPort: port })).toMatchObject({
    status: 503,
    code: 'port.host_unavailable',
  })
  expect(await listPorts()).toEqual([])
  process.kill(worker.pid, 'SIGCONT')
  await vi.waitFor(async () => expect(await forward({ guestPort: 81 })).toMatchObject({ status: 201 }), {
    timeout: 30_000,
    interval: 200,
  })
  expect([(await listPorts()).map(({ guestPort }) => guestPort), await isPortOpen(port)]).toEqual([
    [81],
    false,
  ])
  await stopForwarding(81)
})

it('never forwards a port of the app, even if the range covers it and the host is slow', async () => {
  await restartWith({ MACHINE_PORT_RANGE: '1024-65535' })
  eve = await web.createUser('mallory@example.com')
  machine = await createRunningMachine(eve, 'box')
  const { consoleUrl, id: hostId } = await database.db.machineHost.findFirstOrThrow({
    orderBy: { seenAt: 'desc' },
  })
  const portOf = (url: string) => Number(new URL(url).port)
  const [webPort, listenerPort] = [portOf(web.url), portOf(consoleUrl)]
  for (const hostPort of [webPort, portOf(database.url)])
    expect(await forward({ guestPort: 80, hostPort })).toMatchObject({
      status: 422,
      code: 'port.out_of_range',
    })
  // The web process cannot know the port of the host's own server; the host does.
  expect(await forward({ guestPort: 80, hostPort: listenerPort })).toMatchObject({ status: 409 })
  stopWorker()
  expect(await forward({ guestPort: 80, hostPort: webPort })).toMatchObject({ status: 422 })
  process.kill(worker.pid, 'SIGCONT')
  expect(await listPorts()).toEqual([])
  // A row that an earlier version accepted.
  await database.db.machinePort.create({
    data: { machineId: machine.id, hostId, guestPort: 80, hostPort: webPort, openedAt: new Date() },
  })
  await vi.waitFor(async () => expect((await listPorts())[0]?.problem).toContain('belongs to the app'), {
    timeout: 30_000,
    interval: 200,
  })
})

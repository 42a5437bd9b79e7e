import { PassThrough } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'
import { findFreePort } from '@/scripts/postgres'
import { useDatabase } from '@/tests/support/database'
import { isPortOpen } from '@/tests/support/machine-port'
import { useMachineFixture } from '@/tests/support/machine-fixture'
import { readHostInventory, acquireHostLease } from '@/worker/machines/host/host-lease'
import { PortForwarder } from '@/worker/machines/host/ports/port-forwarder'
import { ConnectionLimiter } from '@/worker/machines/host/ports/connection-limiter'

const database = useDatabase()
const fixture = useMachineFixture(database)

it('closes a port whose state cannot be stored and opens it on the next sync', async () => {
  const { db } = database
  const hostId = fixture.host.id
  const inventory = await readHostInventory(fixture.hypervisor)
  await acquireHostLease(db, { hostId, name: 'here', consoleUrl: 'http://127.0.0.1:1', ...inventory })
  const { machine } = await fixture.createMachine({ network: 'outbound' })
  const hostPort = await findFreePort()
  const data = {
    machineId: machine.id,
    hostId,
    guestPort: 80,
    hostPort,
    problem: 'not yet',
    openedAt: new Date(),
  }
  await db.machinePort.create({ data })
  await db.$executeRaw`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk is full'; END $$`
  await db.$executeRaw`CREATE TRIGGER refuse BEFORE UPDATE ON machine_port EXECUTE FUNCTION refuse()`
  const connections = new ConnectionLimiter({
    connect: async () => new PassThrough(),
    maxStreamsPerMachine: 8,
  })
  const ports = new PortForwarder({ db, hostId, connections })
  onTestFinished(() => ports.stop())
  ports.enable({ first: 1_024, last: 65_535, reserved: new Set() })
  await expect(ports.sync()).rejects.toThrow('the disk is full')
  expect(await isPortOpen(hostPort)).toBe(false)
  await db.$executeRaw`DROP TRIGGER refuse ON machine_port`
  await ports.sync()
  expect(await isPortOpen(hostPort)).toBe(true)
  expect(await db.machinePort.findFirst()).toMatchObject({ hostPort, problem: null })
})

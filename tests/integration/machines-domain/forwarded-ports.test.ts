import { once } from 'node:events'
import { connect } from 'node:net'
import { PassThrough } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'
import { freePort } from '@/scripts/postgres'
import { useDatabase } from '@/tests/support/database'
import { useMachineRoom } from '@/tests/support/machine-room'
import { offerOf, takeLease } from '@/worker/machines/lease'
import { ForwardedPorts } from '@/worker/machines/ports/forwarded-ports'
import { GuestDoor } from '@/worker/machines/ports/guest-door'

const database = useDatabase()
const room = useMachineRoom(database)

async function reached(port: number) {
  const socket = connect(port, '127.0.0.1')
  const isReached = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return isReached
}

it('a port of which nothing could be written down is not open, and opens when it can be', async () => {
  const { db } = database
  const hostId = room.host.id
  const offer = await offerOf(room.hypervisor)
  await takeLease(db, { hostId, name: 'here', consoleUrl: 'http://127.0.0.1:1', ...offer })
  const { machine } = await room.order()
  const hostPort = await freePort()
  const data = { machineId: machine.id, hostId, guestPort: 80, hostPort, problem: 'not yet' }
  await db.machinePort.create({ data })
  await db.$executeRaw`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk is full'; END $$`
  await db.$executeRaw`CREATE TRIGGER refuse BEFORE UPDATE ON machine_port EXECUTE FUNCTION refuse()`
  const door = new GuestDoor({ connect: async () => new PassThrough() })
  const ports = new ForwardedPorts({ db, hostId, door })
  onTestFinished(() => ports.end())
  ports.begin()
  await expect(ports.sync()).rejects.toThrow('the disk is full')
  expect(await reached(hostPort)).toBe(false)
  await db.$executeRaw`DROP TRIGGER refuse ON machine_port`
  await ports.sync()
  expect(await reached(hostPort)).toBe(true)
  expect(await db.machinePort.findFirst()).toMatchObject({ hostPort, problem: null })
})

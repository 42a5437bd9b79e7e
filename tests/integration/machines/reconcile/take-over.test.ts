import { beforeAll, expect, it } from 'vitest'
import { listMachineEvents } from '@/lib/machines/events'
import { requestPowerAction } from '@/lib/machines/power-actions'
import { stopMachineTask } from '@/lib/machines/tasks'
import { installQueue } from '@/lib/tasks/boss'
import { reconcileTasks } from '@/lib/tasks/reconcile'
import { queueNameOf } from '@/lib/tasks/task-kind'
import { useDatabase } from '@/tests/support/database'
import { useMachineFixture } from '@/tests/support/machine-fixture'
import { createOtherHost } from '@/tests/support/other-host'
import { markLostHosts } from '@/worker/machines/host/host-lease'
import { takeOverMachines } from '@/worker/machines/reconcile/take-over'

const database = useDatabase()
const fixture = useMachineFixture(database)
beforeAll(async () => void (await fixture.startWorker()))

/** A machine whose stop waits for a host that is lost. */
async function createMachineOfLostHost(fleet: string) {
  const hostId = await createOtherHost(database.db, { facts: { fleet } })
  await installQueue(fixture.boss, stopMachineTask, queueNameOf(stopMachineTask, hostId))
  const { machine } = await fixture.createMachine()
  await fixture.waitForState(machine.id, 'running')
  await database.db.machine.update({ where: { id: machine.id }, data: { hostId } })
  await requestPowerAction(fixture.target(machine.id), 'stop')
  await database.db.machineHost.update({ where: { id: hostId }, data: { seenAt: new Date(0) } })
  return { id: machine.id, hostId }
}

it('takes over the machines and waiting tasks of a lost host of its fleet, and of no other', async () => {
  const ours = await createMachineOfLostHost('fleet')
  const foreign = await createMachineOfLostHost('another fleet')
  await markLostHosts(database.db)
  await takeOverMachines({ db: database.db, host: fixture.host })
  await reconcileTasks(fixture.deps())
  await fixture.waitForState(ours.id, 'stopped')
  const rows = await database.db.machine.findMany({ where: { id: { in: [ours.id, foreign.id] } } })
  expect(new Map(rows.map(({ id, hostId }) => [id, hostId]))).toEqual(
    new Map([
      [ours.id, fixture.host.id],
      [foreign.id, foreign.hostId],
    ]),
  )
  const events = await listMachineEvents(database.db, { id: ours.id, ownerId: fixture.ownerId })
  expect(events).toContainEqual(
    expect.objectContaining({ action: 'taken over', detail: 'from the lost host other' }),
  )
  expect((await fixture.readMachine(foreign.id)).state).toBe('stopping')
})

it('takes over the snapshots of a lost host of its fleet', async () => {
  const { id: machineId, hostId } = await createMachineOfLostHost('fleet')
  const snapshot = {
    ownerId: fixture.ownerId,
    name: 'kept',
    hostId,
    machineId,
    cpus: 1,
    memoryMiB: 128,
    diskMiB: 512,
  }
  const { id } = await database.db.machineSnapshot.create({ data: snapshot })
  // Snapshots outlive their machine.
  await database.db.machine.update({ where: { id: machineId }, data: { state: 'terminated' } })
  await markLostHosts(database.db)
  await takeOverMachines({ db: database.db, host: fixture.host })
  expect(await database.db.machineSnapshot.findUnique({ where: { id } })).toMatchObject({
    hostId: fixture.host.id,
  })
})

it('leaves the machines of a host that is back', async () => {
  const { id, hostId } = await createMachineOfLostHost('fleet')
  await markLostHosts(database.db)
  await database.db.machineHost.update({ where: { id: hostId }, data: { seenAt: new Date(), lostAt: null } })
  await takeOverMachines({ db: database.db, host: fixture.host })
  expect(await database.db.machine.findUnique({ where: { id } })).toMatchObject({ hostId })
})

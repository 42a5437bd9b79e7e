import { expect, it } from 'vitest'
import { requestTermination } from '@/lib/machines/termination'
import { listMachineEvents } from '@/lib/machines/events'
import { readMachineUsage } from '@/lib/machines/quota'
import { parseSnapshotImageName, toSnapshotImageName } from '@/lib/machines/snapshot-image-name'
import { cancelTask, retryTask } from '@/lib/tasks/commands'
import { deleteSnapshot, listSnapshots, requestSnapshot } from '@/lib/machines/snapshots'
import { createOwner, useDatabase } from '@/tests/support/database'
import { useMachineFixture } from '@/tests/support/machine-fixture'

const database = useDatabase()
const fixture = useMachineFixture(database)

it('creates machines from a snapshot and removes its row and disk when it is deleted', async () => {
  await fixture.startWorker()
  const { machine } = await fixture.createMachine()
  const { ownerId } = fixture
  const target = fixture.target(machine.id)
  await expect(requestSnapshot(target, 'too early')).rejects.toMatchObject({ code: 'machine.not_possible' })
  await fixture.waitForState(machine.id, 'running')
  const { id, image } = await requestSnapshot(target, 'before the change')
  const findSnapshot = async () =>
    (await listSnapshots(database.db, ownerId)).snapshots.find((snapshot) => snapshot.id === id)
  await expect.poll(async () => (await findSnapshot())?.state).toBe('done')
  expect((await listMachineEvents(database.db, target))[0]).toMatchObject({
    action: 'snapshot taken',
    detail: 'before the change',
  })
  const offered = async () => (await fixture.hypervisor.listImages()).map(({ name }) => name)
  expect(await offered()).toContain(toSnapshotImageName(id))

  await requestTermination(target)
  await fixture.waitForState(machine.id, 'terminated')
  const { machine: clone } = await fixture.createMachine({ image })
  await fixture.waitForState(clone.id, 'running')

  const { id: otherUser } = await createOwner(database.db)
  await expect(deleteSnapshot(database.db, { id, ownerId: otherUser })).rejects.toMatchObject({
    code: 'snapshot.not_found',
  })
  await deleteSnapshot(database.db, { id, ownerId })
  expect(await findSnapshot()).toBeUndefined()
  await expect.poll(offered).not.toContain(toSnapshotImageName(id))
  await expect.poll(() => database.db.machineSnapshot.count()).toBe(0)
  expect((await fixture.readMachine(clone.id)).state).toBe('running')
  await expect(fixture.createMachine({ image })).rejects.toMatchObject({ code: 'machine.image_unknown' })
})

it('counts snapshots towards the disk quota of their owner', async () => {
  const { machine } = await fixture.createMachine({ size: { cpus: 1, memoryMiB: 128, diskMiB: 1_024 } })
  await fixture.waitForState(machine.id, 'running')
  const { ownerId } = fixture
  const { hostId } = await database.db.machine.findUniqueOrThrow({ where: { id: machine.id } })
  const { diskMiB } = await readMachineUsage(database.db, ownerId)
  const large = await database.db.machineSnapshot.create({
    data: {
      ownerId,
      hostId: hostId!,
      name: 'large',
      machineId: machine.id,
      cpus: 1,
      memoryMiB: 128,
      diskMiB: diskMiB.limit - diskMiB.used - 1_000,
      state: 'done',
    },
  })
  await expect(requestSnapshot(fixture.target(machine.id), 'one more')).rejects.toMatchObject({
    code: 'machine.quota_exceeded',
    message: expect.stringMatching(/Terminate a machine or delete a snapshot to free some\.$/),
    details: { what: 'diskMiB', asked: 1_024 },
  })
  await deleteSnapshot(database.db, { id: large.id, ownerId })
  await requestSnapshot(fixture.target(machine.id), 'one more')
  await requestTermination(fixture.target(machine.id))
})

it('removes a snapshot that is canceled while queued and fails its retry', async () => {
  const { machine } = await fixture.createMachine()
  await fixture.waitForState(machine.id, 'running')
  const { ownerId } = fixture
  const held = Promise.withResolvers<void>()
  void fixture.host.withLock(machine.id, () => held.promise)
  const snapshots = []
  for (const name of ['one', 'two', 'three'])
    snapshots.push(await requestSnapshot(fixture.target(machine.id), name))
  const last = snapshots.at(-1)!
  const task = await database.db.task.findFirstOrThrow({
    where: { payload: { path: ['snapshotId'], equals: last.id } },
  })
  expect(task.state).toBe('queued')
  const target = { ...fixture.deps(), taskId: task.id, ownerId }
  await cancelTask(target)
  const names = async () => (await listSnapshots(database.db, ownerId)).snapshots.map(({ name }) => name)
  await expect.poll(names).not.toContain('three')
  expect(await names()).toEqual(expect.arrayContaining(['one', 'two']))
  held.resolve()
  await retryTask(target)
  await expect.poll(async () => (await fixture.readTask(task.id)).state).toBe('failed')
  expect((await fixture.readTask(task.id)).error).toMatchObject({ code: 'snapshot.gone' })
  await requestTermination(fixture.target(machine.id))
})

it('parses snapshot image names case-sensitively', () => {
  const id = '01a216c6-4629-71bd-98fe-78ceeae946dd'
  expect(parseSnapshotImageName(toSnapshotImageName(id))).toBe(id)
  expect(parseSnapshotImageName(toSnapshotImageName(id.toUpperCase()))).toBeNull()
})

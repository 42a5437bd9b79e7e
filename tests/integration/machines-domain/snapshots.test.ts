import { expect, it } from 'vitest'
import { terminate } from '@/lib/machines/control'
import { listMachineEvents } from '@/lib/machines/events'
import { machineUsageOf } from '@/lib/machines/quota'
import { snapshotIdOf, snapshotImage } from '@/lib/machines/snapshot-name'
import { cancelTask, retryTask } from '@/lib/tasks/control'
import { deleteSnapshot, listSnapshots, takeSnapshot } from '@/lib/machines/snapshots'
import { createOwner, useDatabase } from '@/tests/support/database'
import { useMachineRoom } from '@/tests/support/machine-room'

const database = useDatabase()
const room = useMachineRoom(database)

it('a snapshot becomes machines, and when it is deleted its row and its disk go', async () => {
  await room.startWorker()
  const { machine } = await room.order()
  const { ownerId } = room
  const target = room.target(machine.id)
  await expect(takeSnapshot(target, 'too early')).rejects.toMatchObject({ code: 'machine.not_possible' })
  await room.becomes(machine.id, 'running')
  const { id, image } = await takeSnapshot(target, 'before the change')
  const found = async () => (await listSnapshots(database.db, ownerId)).snapshots.find((one) => one.id === id)
  await expect.poll(async () => (await found())?.state, { timeout: 10_000 }).toBe('done')
  expect((await listMachineEvents(database.db, target))[0]).toMatchObject({
    action: 'snapshot taken',
    detail: 'before the change',
  })
  const offered = async () => (await room.hypervisor.images()).map(({ name }) => name)
  expect(await offered()).toContain(snapshotImage(id))

  await terminate(target)
  await room.becomes(machine.id, 'terminated')
  const { machine: clone } = await room.order({ image })
  await room.becomes(clone.id, 'running')

  const { id: stranger } = await createOwner(database.db)
  await expect(deleteSnapshot(database.db, { id, ownerId: stranger })).rejects.toMatchObject({
    code: 'snapshot.not_found',
  })
  await deleteSnapshot(database.db, { id, ownerId })
  expect(await found()).toBeUndefined()
  await expect.poll(offered, { timeout: 10_000 }).not.toContain(snapshotImage(id))
  await expect.poll(() => database.db.machineSnapshot.count(), { timeout: 10_000 }).toBe(0)
  expect((await room.machine(clone.id)).state).toBe('running')
  await expect(room.order({ image })).rejects.toMatchObject({ code: 'machine.image_unknown' })
})

it('snapshots count as disk of their owner', async () => {
  const { machine } = await room.order({ size: { cpus: 1, memoryMiB: 128, diskMiB: 1_024 } })
  await room.becomes(machine.id, 'running')
  const { ownerId } = room
  const { hostId } = await database.db.machine.findUniqueOrThrow({ where: { id: machine.id } })
  const { diskMiB } = await machineUsageOf(database.db, ownerId)
  const kept = await database.db.machineSnapshot.create({
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
  await expect(takeSnapshot(room.target(machine.id), 'one more')).rejects.toMatchObject({
    code: 'machine.quota_exceeded',
    message: expect.stringMatching(/Terminate a machine, or delete a snapshot, to make room\.$/),
    details: { what: 'diskMiB', asked: 1_024 },
  })
  await deleteSnapshot(database.db, { id: kept.id, ownerId })
  await takeSnapshot(room.target(machine.id), 'one more')
  await terminate(room.target(machine.id))
})

it('one that is canceled before it began is gone, and is not taken when that is tried again', async () => {
  const { machine } = await room.order()
  await room.becomes(machine.id, 'running')
  const { ownerId } = room
  const held = Promise.withResolvers<void>()
  void room.host.inTurn(machine.id, () => held.promise)
  const taken = []
  for (const name of ['one', 'two', 'three']) taken.push(await takeSnapshot(room.target(machine.id), name))
  const last = taken.at(-1)!
  const task = await database.db.task.findFirstOrThrow({
    where: { payload: { path: ['snapshotId'], equals: last.id } },
  })
  expect(task.state).toBe('queued')
  const target = { ...room.given(), taskId: task.id, ownerId }
  await cancelTask(target)
  const names = async () => (await listSnapshots(database.db, ownerId)).snapshots.map(({ name }) => name)
  await expect.poll(names, { timeout: 10_000 }).not.toContain('three')
  expect(await names()).toEqual(expect.arrayContaining(['one', 'two']))
  held.resolve()
  await retryTask(target)
  await expect.poll(async () => (await room.task(task.id)).state, { timeout: 10_000 }).toBe('failed')
  expect((await room.task(task.id)).error).toMatchObject({ code: 'snapshot.gone' })
  await terminate(room.target(machine.id))
})

it('the name of its image means it only as it is written', () => {
  const id = '01a216c6-4629-71bd-98fe-78ceeae946dd'
  expect(snapshotIdOf(snapshotImage(id))).toBe(id)
  expect(snapshotIdOf(snapshotImage(id.toUpperCase()))).toBeNull()
})

import { expect, it } from 'vitest'
import { terminate } from '@/lib/machines/control'
import { listMachineEvents } from '@/lib/machines/events'
import { deleteSnapshot, listSnapshots, snapshotImage, takeSnapshot } from '@/lib/machines/snapshots'
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

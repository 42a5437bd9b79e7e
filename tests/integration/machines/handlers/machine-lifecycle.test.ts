import { beforeAll, describe, expect, it } from 'vitest'
import { requestPowerAction } from '@/lib/machines/power-actions'
import { updateMachine, requestResize } from '@/lib/machines/commands'
import { requestTermination } from '@/lib/machines/termination'
import { listMachineEvents } from '@/lib/machines/events'
import { getMachine, listMachines } from '@/lib/machines/queries'
import { resolveMachineSize } from '@/lib/machines/sizes'
import { machineTransitions } from '@/lib/machines/state'
import { createOwner, useDatabase } from '@/tests/support/database'
import { useMachineFixture } from '@/tests/support/machine-fixture'

const database = useDatabase()
const fixture = useMachineFixture(database)
beforeAll(async () => void (await fixture.startWorker()))

describe('a machine', () => {
  it('stops, starts and reboots, with an event for every change', async () => {
    const { machine } = await fixture.createMachine({ name: 'operated' })
    await expect(requestPowerAction(fixture.target(machine.id), 'stop')).rejects.toMatchObject({
      status: 409,
    })
    await fixture.waitForState(machine.id, 'running')
    await requestPowerAction(fixture.target(machine.id), 'stop')
    await requestPowerAction(fixture.target(machine.id), 'stop')
    await fixture.waitForState(machine.id, 'stopped')
    await requestPowerAction(fixture.target(machine.id), 'start')
    await fixture.waitForState(machine.id, 'running')
    await requestPowerAction(fixture.target(machine.id), 'reboot')
    await fixture.waitForState(machine.id, 'running')
    const events = await listMachineEvents(database.db, { id: machine.id, ownerId: fixture.ownerId })
    const { email } = await database.db.user.findUniqueOrThrow({ where: { id: fixture.ownerId } })
    expect(events.toReversed().map(({ action, actor }) => [action, actor])).toEqual([
      ['ordered', email],
      ['running', null],
      ['stopped', email],
      ['started', email],
      ['rebooted', email],
    ])
  })

  it('terminates during provisioning and leaves nothing behind', async () => {
    const booting = Promise.withResolvers<void>()
    fixture.hypervisor.onStage = (stage) => {
      if (stage !== 'boot') return
      fixture.hypervisor.pace.stageMs = 5_000
      booting.resolve()
    }
    const { machine, task } = await fixture.createMachine({ name: 'short-lived' })
    await booting.promise
    await requestTermination(fixture.target(machine.id))
    fixture.hypervisor.onStage = () => undefined
    fixture.hypervisor.pace.stageMs = 5
    await fixture.waitForState(machine.id, 'terminated')
    await expect.poll(() => fixture.hypervisor.hasMachine(machine.id)).toBe(false)
    expect((await fixture.readTask(task.id)).state).toBe('canceled')
    expect(
      await database.db.task.count({
        where: { machineId: machine.id, state: { in: ['queued', 'in_progress'] } },
      }),
    ).toBe(0)
  })

  it.each(
    machineTransitions
      .statesBefore('terminating')
      .filter((state) => !['pending', 'terminating'].includes(state)),
  )('terminates from state %s', async (state) => {
    const { machine } = await fixture.createMachine()
    await fixture.waitForState(machine.id, 'running')
    await database.db.machine.update({ where: { id: machine.id }, data: { state } })
    await requestTermination(fixture.target(machine.id))
    await fixture.waitForState(machine.id, 'terminated')
    expect(await fixture.hypervisor.hasMachine(machine.id)).toBe(false)
  })

  it('resizes only while stopped', async () => {
    const { machine } = await fixture.createMachine({ size: { cpus: 1, memoryMiB: 128, diskMiB: 512 } })
    await fixture.waitForState(machine.id, 'running')
    const larger = resolveMachineSize({ cpus: 2, memoryMiB: 256, diskMiB: 1_024 })
    await expect(requestResize(fixture.target(machine.id), larger)).rejects.toMatchObject({
      code: 'machine.not_stopped',
    })
    await requestPowerAction(fixture.target(machine.id), 'stop')
    await fixture.waitForState(machine.id, 'stopped')
    const smaller = resolveMachineSize({ ...larger, diskMiB: 256 })
    await expect(requestResize(fixture.target(machine.id), smaller)).rejects.toMatchObject({
      code: 'machine.disk_shrinks',
    })
    await requestResize(fixture.target(machine.id), larger)
    await expect.poll(async () => (await fixture.readMachine(machine.id)).size).toEqual(larger)
    await requestPowerAction(fixture.target(machine.id), 'start')
    await fixture.waitForState(machine.id, 'running')
    await requestTermination(fixture.target(machine.id))
  })

  it('does not shrink below the minimum of its image', async () => {
    const { machine } = await fixture.createMachine({ size: { cpus: 1, memoryMiB: 128, diskMiB: 512 } })
    await fixture.waitForState(machine.id, 'running')
    await requestPowerAction(fixture.target(machine.id), 'stop')
    await fixture.waitForState(machine.id, 'stopped')
    const smaller = resolveMachineSize({ cpus: 1, memoryMiB: 64, diskMiB: 512 })
    await expect(requestResize(fixture.target(machine.id), smaller)).rejects.toMatchObject({
      code: 'machine.too_small',
      message: expect.stringMatching(/needs at least \d+ MiB of memory\.$/),
    })
    await requestTermination(fixture.target(machine.id))
  })

  it('counts a pending resize towards the quota', async () => {
    const { id: ownerId } = await createOwner(database.db)
    const grown = resolveMachineSize({ cpus: 20, memoryMiB: 128, diskMiB: 128 })
    const createStoppedMachine = async () => {
      const { machine } = await fixture.createMachine({}, { ownerId })
      const target = { ...fixture.target(machine.id), ownerId, actorId: ownerId }
      const state = async () => (await getMachine(database.db, { id: machine.id, ownerId })).state
      await expect.poll(state).toBe('running')
      await requestPowerAction(target, 'stop')
      await expect.poll(state).toBe('stopped')
      return target
    }
    const [one, two] = [await createStoppedMachine(), await createStoppedMachine()]
    const held = Promise.withResolvers<void>()
    void fixture.host.withLock(one.id, () => held.promise)
    const sizeOne = {
      ...grown,
      diskMiB: (await getMachine(database.db, { id: one.id, ownerId })).size.diskMiB,
    }
    await requestResize(one, sizeOne)
    await expect(requestResize(two, sizeOne)).rejects.toMatchObject({
      code: 'machine.quota_exceeded',
      details: { what: 'cpus', asked: 19, used: 21, limit: 32 },
    })
    held.resolve()
    const cpus = async () => (await getMachine(database.db, { id: one.id, ownerId })).size.cpus
    await expect.poll(cpus).toBe(20)
    for (const each of [one, two]) await requestTermination(each)
  })

  it('keeps running when it is started while it runs against its desired state', async () => {
    const { machine } = await fixture.createMachine()
    await fixture.waitForState(machine.id, 'running')
    const { id } = machine
    await database.db.machine.update({ where: { id }, data: { desired: 'stopped' } })
    await requestPowerAction(fixture.target(id), 'start')
    expect((await database.db.machine.findUniqueOrThrow({ where: { id } })).desired).toBe('running')
    await requestTermination(fixture.target(id))
  })

  it('does not terminate while protected', async () => {
    const { machine } = await fixture.createMachine({ isProtected: true })
    await expect(requestTermination(fixture.target(machine.id))).rejects.toMatchObject({
      code: 'machine.protected',
    })
    await updateMachine(fixture.target(machine.id), { isProtected: false })
    await requestTermination(fixture.target(machine.id))
    await fixture.waitForState(machine.id, 'terminated')
    await requestTermination(fixture.target(machine.id))
  })

  it('is not found for another user', async () => {
    const { machine } = await fixture.createMachine()
    const { id: otherUser } = await createOwner(database.db)
    const target = { ...fixture.target(machine.id), ownerId: otherUser, actorId: otherUser }
    const results = await Promise.allSettled([
      getMachine(database.db, { id: machine.id, ownerId: otherUser }),
      requestPowerAction(target, 'stop'),
      requestTermination(target),
      updateMachine(target, { name: 'mine' }),
      listMachineEvents(database.db, { id: machine.id, ownerId: otherUser }),
    ])
    for (const result of results)
      expect(result).toMatchObject({ reason: { code: 'machine.not_found', status: 404 } })
    expect((await listMachines(database.db, { ownerId: otherUser })).machines).toEqual([])
  })
})

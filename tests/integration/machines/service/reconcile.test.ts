// Long, because it goes through everything that rows and machines may differ in, with one database.

import { randomUUID } from 'node:crypto'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { cancelTask } from '@/lib/tasks/commands'
import { listMachineEvents } from '@/lib/machines/events'
import { provisionMachineTask } from '@/lib/machines/tasks'
import { toSnapshotImageName } from '@/lib/machines/snapshot-image-name'
import { requestSnapshot } from '@/lib/machines/snapshots'
import { createOwner, useDatabase } from '@/tests/support/database'
import { useMachineFixture } from '@/tests/support/machine-fixture'
import { claimTask } from '@/worker/runtime/claim'
import { markLostHosts, readHostInventory, acquireHostLease } from '@/worker/machines/host/host-lease'
import { destroyOrphans } from '@/worker/machines/reconcile/orphans'
import { expireMachines } from '@/worker/machines/reconcile/expire-machines'
import { collectGarbage } from '@/worker/machines/reconcile/garbage'
import { GracePeriod } from '@/worker/machines/reconcile/grace-period'
import { reconcileMachines } from '@/worker/machines/reconcile/reconcile-machines'

const KILLED_REASON = 'It was killed from outside.'

const database = useDatabase()
const fixture = useMachineFixture(database)
beforeAll(async () => void (await fixture.startWorker()))
afterEach(() => {
  fixture.hypervisor.onStage = () => undefined
  fixture.hypervisor.pace.stageMs = 5
})

async function createRunningMachine(order: Parameters<typeof fixture.createMachine>[0] = {}) {
  const { id } = await createOwner(database.db)
  const { machine } = await fixture.createMachine(order, undefined, id)
  const state = async () => (await database.db.machine.findUniqueOrThrow({ where: { id: machine.id } })).state
  await expect.poll(state, { timeout: 20_000 }).toBe('running')
  const { startedAt } = await database.db.machine.findUniqueOrThrow({ where: { id: machine.id } })
  return {
    id: machine.id,
    ownerId: id,
    startedAt,
    state,
    read: () => database.db.machine.findUniqueOrThrow({ where: { id: machine.id } }),
  }
}

describe('what is wanted and what is there', () => {
  it('a killed machine is stopped, with the reason', async () => {
    const machine = await createRunningMachine()
    fixture.hypervisor.crash(machine.id, KILLED_REASON)
    await expect.poll(machine.state, { timeout: 10_000 }).toBe('stopped')
    expect((await machine.read()).error).toMatchObject({
      code: 'machine.ended',
      message: KILLED_REASON,
    })
  })

  it('what a running machine lacks is put right, and told until it is', async () => {
    const machine = await createRunningMachine()
    const told = async () => {
      const events = await listMachineEvents(database.db, machine)
      return events.map(({ action, detail }) => [action, detail].filter(Boolean).join(': '))
    }
    const [lack, cannot] = ['It has no internet now.', 'It cannot be opened again.']
    fixture.hypervisor.impair(machine.id, { reason: lack, cannot })
    await expect
      .poll(async () => (await machine.read()).error, { timeout: 10_000 })
      .toEqual({ code: 'machine.impaired', message: `${lack} ${cannot}` })
    await reconcileMachines(fixture.context, fixture.host)
    expect((await told()).filter((line) => line.startsWith('impaired'))).toEqual([
      `impaired: ${lack} ${cannot}`,
    ])
    fixture.hypervisor.impair(machine.id, { reason: lack })
    await expect
      .poll(async () => (await told()).slice(0, 2), { timeout: 10_000 })
      .toEqual(['recovered', `impaired: ${lack}`])
    expect(await machine.read()).toMatchObject({
      state: 'running',
      error: null,
      startedAt: machine.startedAt,
    })
  })

  it('one that is to be kept running is started again', async () => {
    const machine = await createRunningMachine({ isKeptRunning: true })
    fixture.hypervisor.crash(machine.id, KILLED_REASON)
    await expect
      .poll(async () => (await listMachineEvents(database.db, machine)).map(({ action }) => action), {
        timeout: 15_000,
      })
      .toContain('started')
    await expect.poll(machine.state, { timeout: 10_000 }).toBe('running')
    expect((await machine.read()).startedAt!.getTime()).toBeGreaterThan(machine.startedAt!.getTime())
  })

  it('one of which nothing is left has failed, and says so', async () => {
    const machine = await createRunningMachine()
    await fixture.hypervisor.destroy(machine.id)
    await expect.poll(machine.state, { timeout: 10_000 }).toBe('failed')
  })

  it('one whose time is over is terminated, unless it is protected', async () => {
    const machine = await createRunningMachine({ ttlMinutes: 1 })
    const guarded = await createRunningMachine({ ttlMinutes: 1, isProtected: true })
    const past = { data: { expiresAt: new Date(Date.now() - 1_000) } }
    await database.db.machine.updateMany({ where: { id: { in: [machine.id, guarded.id] } }, ...past })
    await expect.poll(machine.state, { timeout: 10_000 }).toBe('terminated')
    const [last] = await listMachineEvents(database.db, machine)
    expect(last).toMatchObject({ action: 'terminated', actor: null, detail: 'time to live expired' })
    expect(await guarded.state()).toBe('running')
  })

  it('one of which nothing can be written down keeps nobody else’s from being looked after', async () => {
    const odd = await createRunningMachine()
    const killed = await createRunningMachine()
    const over = await createRunningMachine({ ttlMinutes: 1 })
    const expiresAt = new Date(Date.now() - 1_000)
    fixture.hypervisor.crash(odd.id, 'The database has no \0.')
    fixture.hypervisor.crash(killed.id, KILLED_REASON)
    await database.db.machine.update({ where: { id: over.id }, data: { expiresAt } })
    await expect.poll(killed.state, { timeout: 10_000 }).toBe('stopped')
    await expect.poll(over.state, { timeout: 10_000 }).toBe('terminated')
    expect(await odd.state()).toBe('running')
    await fixture.hypervisor.destroy(odd.id)
    await expect.poll(odd.state, { timeout: 10_000 }).toBe('failed')
  })

  it('one that ran long enough is stopped', async () => {
    const machine = await createRunningMachine({ autoStopMinutes: 5 })
    await database.db.machine.update({
      where: { id: machine.id },
      data: { startedAt: new Date(Date.now() - 6 * 60_000) },
    })
    await expireMachines(fixture.context)
    await expect.poll(machine.state, { timeout: 10_000 }).toBe('stopped')
    expect((await machine.read()).desired).toBe('stopped')
  })

  it('what no row wants is removed after a grace time, and not before', async () => {
    const machine = await createRunningMachine()
    const orphan = randomUUID()
    const size = { cpus: 1, memoryMiB: 128, diskMiB: 512 }
    const spec = {
      id: orphan,
      hostname: 'orphan',
      image: 'tiny',
      size,
      sshKeys: [],
      network: 'none' as const,
    }
    await fixture.hypervisor.create(spec, { signal: new AbortController().signal })
    const given = { ...fixture.context, host: fixture.host, gracePeriod: new GracePeriod(50) }
    await destroyOrphans(given)
    expect(await fixture.hypervisor.hasMachine(orphan)).toBe(true)
    await expect
      .poll(async () => (await destroyOrphans(given), await fixture.hypervisor.hasMachine(orphan)))
      .toBe(false)
    expect(await fixture.hypervisor.hasMachine(machine.id)).toBe(true)
  })

  it('what is left of images, and snapshots without a row, go after a grace time', async () => {
    const machine = await createRunningMachine()
    const signal = new AbortController().signal
    const snapshot = await requestSnapshot({ ...fixture.deps(), ...machine }, 'kept')
    const orphan = toSnapshotImageName(randomUUID())
    await fixture.hypervisor.createSnapshot(machine.id, { name: orphan, signal })
    const images = async () => (await fixture.hypervisor.listImages()).map(({ name }) => name)
    await expect.poll(images).toEqual(expect.arrayContaining([orphan, snapshot.image]))
    fixture.hypervisor.garbage.add('debian/old')
    const given = { ...fixture.context, host: fixture.host, gracePeriod: new GracePeriod(50) }
    await collectGarbage(given)
    expect([...fixture.hypervisor.garbage]).toEqual(['debian/old'])
    expect(await images()).toContain(orphan)
    await expect.poll(async () => (await collectGarbage(given), [...fixture.hypervisor.garbage])).toEqual([])
    expect(await images()).not.toContain(orphan)
    expect(await images()).toContain(snapshot.image)
  })

  it('a machine whose making was canceled is gone', async () => {
    let reached = () => {}
    const isBegun = new Promise<void>((resolve) => (reached = resolve))
    fixture.hypervisor.onStage = (stage) => {
      if (stage !== 'disk') return
      fixture.hypervisor.pace.stageMs = 5_000
      reached()
    }
    const { machine, task } = await fixture.createMachine()
    await isBegun
    await cancelTask({ ...fixture.deps(), taskId: task.id, ownerId: fixture.ownerId })
    await fixture.waitForState(machine.id, 'terminated')
    expect(await fixture.hypervisor.hasMachine(machine.id)).toBe(false)
  })
})

describe('a worker that was killed', () => {
  it.each(['reserve', 'image', 'disk', 'boot', 'answer'] as const)(
    'at the stage %s leaves one machine, made by the next',
    async (killedAt) => {
      // The first delivery gets that far and is never heard of again.
      let firstRuns = 0
      let stuck = () => {}
      const isStuck = new Promise<void>((resolve) => (stuck = resolve))
      fixture.hypervisor.onStage = (stage) => {
        if (stage !== killedAt || firstRuns++ > 0) return
        stuck()
        throw new Error('killed')
      }
      const { machine, task } = await fixture.createMachine()
      await isStuck
      await fixture.waitForState(machine.id, 'running')
      expect((await fixture.hypervisor.list()).filter((id) => id === machine.id)).toHaveLength(1)
      expect((await fixture.readTask(task.id)).attempts).toBe(2)
    },
  )

  it('after its machine ran but before that was written finds it running, with its uptime', async () => {
    const machine = await createRunningMachine()
    const task = await database.db.task.findFirstOrThrow({
      where: { machineId: machine.id, kind: provisionMachineTask.name },
    })
    // As it was before the result was stored.
    const jobId = randomUUID()
    await database.db.mailNote.deleteMany({ where: { ownerId: machine.ownerId } })
    await database.db.mail.deleteMany({ where: { ownerId: machine.ownerId } })
    await database.db.machine.update({ where: { id: machine.id }, data: { state: 'pending' } })
    await database.db.task.update({
      where: { id: task.id },
      data: { state: 'queued', jobId, queuedAt: new Date() },
    })
    await fixture.boss.send(task.queue, { taskId: task.id, kind: task.kind }, { id: jobId })
    await expect.poll(machine.state, { timeout: 20_000 }).toBe('running')
    expect((await machine.read()).startedAt).toEqual(machine.startedAt)
    expect(await claimTask(database.db, { taskId: task.id, jobId })).toBeNull()
  })
})

describe('a host', () => {
  it('is spoken for by one worker at a time, and one that is silent is lost', async () => {
    const hostId = randomUUID()
    const lease = {
      hostId,
      name: 'other',
      consoleUrl: 'http://127.0.0.1:1',
      ...(await readHostInventory(fixture.hypervisor)),
    }
    expect(await acquireHostLease(database.db, lease)).toBe(true)
    // Somebody else who lives, and was heard of just now.
    await database.db.machineHost.update({ where: { id: hostId }, data: { workerPid: process.ppid } })
    expect(await acquireHostLease(database.db, lease)).toBe(false)
    const machine = await createRunningMachine()
    await database.db.machine.update({ where: { id: machine.id }, data: { hostId } })
    const { version } = await machine.read()
    await database.db.machineHost.update({
      where: { id: hostId },
      data: { seenAt: new Date(Date.now() - 60_000) },
    })
    await markLostHosts(database.db)
    expect((await machine.read()).version).toBeGreaterThan(version)
    // The other hosts leave its machines alone.
    await reconcileMachines(fixture.context, fixture.host)
    expect(await machine.state()).toBe('running')
    expect(await acquireHostLease(database.db, lease)).toBe(true)
    expect((await database.db.machineHost.findUniqueOrThrow({ where: { id: hostId } })).lostAt).toBeNull()
  })
})

// Over 200 lines because all cases of drift between rows and machines share one database and worker.

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
import { collectGarbage } from '@/worker/machines/reconcile/collect-garbage'
import { GracePeriod } from '@/worker/machines/reconcile/grace-period'
import { reconcileMachines } from '@/worker/machines/reconcile/reconcile-machines'

const KILLED_REASON = 'The process was killed.'

const database = useDatabase()
const fixture = useMachineFixture(database)
beforeAll(async () => void (await fixture.startWorker()))
afterEach(() => {
  fixture.hypervisor.onStage = () => undefined
  fixture.hypervisor.pace.stageMs = 5
})

async function createRunningMachine(request: Parameters<typeof fixture.createMachine>[0] = {}) {
  const { id } = await createOwner(database.db)
  const { machine } = await fixture.createMachine(request, { ownerId: id })
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

describe('reconciliation', () => {
  it('stops a machine whose process was killed and stores the reason', async () => {
    const machine = await createRunningMachine()
    fixture.hypervisor.crash(machine.id, KILLED_REASON)
    await expect.poll(machine.state).toBe('stopped')
    expect((await machine.read()).error).toMatchObject({
      code: 'machine.ended',
      message: KILLED_REASON,
    })
  })

  it(
    'repairs an impaired machine and reports it as impaired until it has recovered',
    { tags: 'full' },
    async () => {
      const machine = await createRunningMachine()
      const readEvents = async () => {
        const events = await listMachineEvents(database.db, machine)
        return events.map(({ action, detail }) => [action, detail].filter(Boolean).join(': '))
      }
      const [reason, cannot] = ['The network is down.', 'It cannot be restored.']
      fixture.hypervisor.impair(machine.id, { reason, cannot })
      await expect
        .poll(async () => (await machine.read()).error)
        .toEqual({ code: 'machine.impaired', message: `${reason} ${cannot}` })
      await reconcileMachines({ ...fixture.context, host: fixture.host })
      expect((await readEvents()).filter((line) => line.startsWith('impaired'))).toEqual([
        `impaired: ${reason} ${cannot}`,
      ])
      fixture.hypervisor.impair(machine.id, { reason })
      await expect
        .poll(async () => (await readEvents()).slice(0, 2))
        .toEqual(['recovered', `impaired: ${reason}`])
      expect(await machine.read()).toMatchObject({
        state: 'running',
        error: null,
        startedAt: machine.startedAt,
      })
    },
  )

  it('restarts a machine with automatic restart', async () => {
    const machine = await createRunningMachine({ isKeptRunning: true })
    fixture.hypervisor.crash(machine.id, KILLED_REASON)
    await expect
      .poll(async () => (await listMachineEvents(database.db, machine)).map(({ action }) => action), {
        timeout: 15_000,
      })
      .toContain('started')
    await expect.poll(machine.state).toBe('running')
    expect((await machine.read()).startedAt!.getTime()).toBeGreaterThan(machine.startedAt!.getTime())
  })

  it('fails a machine that no longer exists on its host', async () => {
    const machine = await createRunningMachine()
    await fixture.hypervisor.destroy(machine.id)
    await expect.poll(machine.state).toBe('failed')
  })

  it('records nothing about a machine that is changing', async () => {
    const machine = await createRunningMachine()
    fixture.hypervisor.crash(machine.id, KILLED_REASON)
    fixture.hypervisor.setChanging(machine.id, true)
    await database.db.machine.update({ where: { id: machine.id }, data: { state: 'stopping' } })
    await reconcileMachines({ ...fixture.context, host: fixture.host })
    expect(await machine.state()).toBe('stopping')
    fixture.hypervisor.setChanging(machine.id, false)
    await expect.poll(machine.state).toBe('stopped')
  })

  it('terminates an expired machine unless it is protected', async () => {
    const machine = await createRunningMachine({ ttlMinutes: 1 })
    const protectedMachine = await createRunningMachine({ ttlMinutes: 1, isProtected: true })
    const past = { data: { expiresAt: new Date(Date.now() - 1_000) } }
    await database.db.machine.updateMany({
      where: { id: { in: [machine.id, protectedMachine.id] } },
      ...past,
    })
    await expect.poll(machine.state).toBe('terminated')
    const [last] = await listMachineEvents(database.db, machine)
    expect(last).toMatchObject({ action: 'terminated', actor: null, detail: 'time to live expired' })
    expect(await protectedMachine.state()).toBe('running')
  })

  it('reconciles the other machines when the state of one cannot be stored', { tags: 'full' }, async () => {
    const unstorable = await createRunningMachine()
    const killed = await createRunningMachine()
    const expired = await createRunningMachine({ ttlMinutes: 1 })
    const expiresAt = new Date(Date.now() - 1_000)
    fixture.hypervisor.crash(unstorable.id, 'The database has no \0.')
    fixture.hypervisor.crash(killed.id, KILLED_REASON)
    await database.db.machine.update({ where: { id: expired.id }, data: { expiresAt } })
    await expect.poll(killed.state).toBe('stopped')
    await expect.poll(expired.state).toBe('terminated')
    expect(await unstorable.state()).toBe('running')
    await fixture.hypervisor.destroy(unstorable.id)
    await expect.poll(unstorable.state).toBe('failed')
  })

  it('stops a machine at its auto-stop time', async () => {
    const machine = await createRunningMachine({ autoStopMinutes: 5 })
    await database.db.machine.update({
      where: { id: machine.id },
      data: { startedAt: new Date(Date.now() - 6 * 60_000) },
    })
    await expireMachines(fixture.context)
    await expect.poll(machine.state).toBe('stopped')
    expect((await machine.read()).desired).toBe('stopped')
  })

  it('removes a machine without a row after the grace period and not before', async () => {
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
    const deps = { ...fixture.context, host: fixture.host, gracePeriod: new GracePeriod(50) }
    await destroyOrphans(deps)
    expect(await fixture.hypervisor.hasMachine(orphan)).toBe(true)
    await expect
      .poll(async () => (await destroyOrphans(deps), await fixture.hypervisor.hasMachine(orphan)))
      .toBe(false)
    expect(await fixture.hypervisor.hasMachine(machine.id)).toBe(true)
  })

  it('removes unused image files and snapshots without a row after the grace period', async () => {
    const machine = await createRunningMachine()
    const signal = new AbortController().signal
    const snapshot = await requestSnapshot({ ...fixture.deps(), ...machine }, 'kept')
    const orphan = toSnapshotImageName(randomUUID())
    await fixture.hypervisor.createSnapshot(machine.id, { name: orphan, signal })
    const images = async () => (await fixture.hypervisor.listImages()).map(({ name }) => name)
    await expect.poll(images).toEqual(expect.arrayContaining([orphan, snapshot.image]))
    fixture.hypervisor.garbage.add('debian/old')
    const deps = { ...fixture.context, host: fixture.host, gracePeriod: new GracePeriod(50) }
    await collectGarbage(deps)
    expect([...fixture.hypervisor.garbage]).toEqual(['debian/old'])
    expect(await images()).toContain(orphan)
    await expect.poll(async () => (await collectGarbage(deps), [...fixture.hypervisor.garbage])).toEqual([])
    expect(await images()).not.toContain(orphan)
    expect(await images()).toContain(snapshot.image)
  })

  it('terminates a machine whose provisioning is canceled', async () => {
    const started = Promise.withResolvers<void>()
    fixture.hypervisor.onStage = (stage) => {
      if (stage !== 'disk') return
      fixture.hypervisor.pace.stageMs = 5_000
      started.resolve()
    }
    const { machine, task } = await fixture.createMachine()
    await started.promise
    await cancelTask({ ...fixture.deps(), taskId: task.id, ownerId: fixture.ownerId })
    await fixture.waitForState(machine.id, 'terminated')
    expect(await fixture.hypervisor.hasMachine(machine.id)).toBe(false)
  })
})

describe('after a worker was killed', () => {
  it.each(fixture.hypervisor.stages.map(({ name }) => name))(
    'at stage %s, the next worker finishes the one machine',
    // Each waits for the delay of a retry.
    { tags: 'full' },
    async (killedAt) => {
      // The first attempt fails at this stage.
      let firstRuns = 0
      const reached = Promise.withResolvers<void>()
      fixture.hypervisor.onStage = (stage) => {
        if (stage !== killedAt || firstRuns++ > 0) return
        reached.resolve()
        throw new Error('killed')
      }
      const { machine, task } = await fixture.createMachine()
      await reached.promise
      await fixture.waitForState(machine.id, 'running')
      expect(await fixture.hypervisor.hasMachine(machine.id)).toBe(true)
      expect((await fixture.readTask(task.id)).attempts).toBe(2)
    },
  )

  it('between boot and commit, the next worker adopts the running machine with its uptime', async () => {
    const machine = await createRunningMachine()
    const task = await database.db.task.findFirstOrThrow({
      where: { machineId: machine.id, kind: provisionMachineTask.name },
    })
    // Restores the rows to the state before the commit.
    const jobId = randomUUID()
    await database.db.notification.deleteMany({ where: { ownerId: machine.ownerId } })
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

describe('the host lease', () => {
  it('is held by one worker at a time, and its host is lost when it expires', async () => {
    const hostId = randomUUID()
    const lease = {
      hostId,
      name: 'other',
      consoleUrl: 'http://127.0.0.1:1',
      ...(await readHostInventory(fixture.hypervisor)),
    }
    expect(await acquireHostLease(database.db, lease)).toBe(true)
    // Another live process with a current lease.
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
    // Other hosts do not touch its machines.
    await reconcileMachines({ ...fixture.context, host: fixture.host })
    expect(await machine.state()).toBe('running')
    expect(await acquireHostLease(database.db, lease)).toBe(true)
    expect((await database.db.machineHost.findUniqueOrThrow({ where: { id: hostId } })).lostAt).toBeNull()
  })
})

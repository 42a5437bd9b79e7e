// Long: all states of a machine's life share one worker and one database.

import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Prisma } from '@/lib/generated/prisma/client'
import { createMachineSchema } from '@/lib/machines/schema'
import { requestPowerAction } from '@/lib/machines/power-actions'
import { updateMachine, requestResize } from '@/lib/machines/commands'
import { requestTermination } from '@/lib/machines/termination'
import { listMachineEvents } from '@/lib/machines/events'
import { getMachine, listMachines } from '@/lib/machines/queries'
import { resolveMachineSize } from '@/lib/machines/sizes'
import { machineTransitions } from '@/lib/machines/state'
import { cancelTask } from '@/lib/tasks/commands'
import { toSnapshotImageName } from '@/lib/machines/snapshot-image-name'
import { listSnapshots } from '@/lib/machines/snapshots'
import { createOwner, useDatabase } from '@/tests/support/database'
import { useMachineFixture } from '@/tests/support/machine-fixture'

const database = useDatabase()
const fixture = useMachineFixture(database)
beforeAll(async () => void (await fixture.startWorker()))

describe('creating a machine', () => {
  it('returns the order number at once and provisions in the background, with timed stages', async () => {
    const { machine, order, task } = await fixture.createMachine({ name: 'build-box' })
    expect(machine).toMatchObject({
      name: 'build-box',
      state: 'pending',
      order: order.number,
      taskId: task.id,
    })
    expect(task).toMatchObject({ kind: 'machine.provision', state: 'queued', machineId: machine.id })
    await fixture.waitForState(machine.id, 'running')
    const done = await fixture.readTask(task.id)
    expect(done).toMatchObject({ state: 'done', progress: 1 })
    const { stages } = done.result as { stages: { name: string; seconds: number }[] }
    expect(stages.map(({ name }) => name)).toEqual([
      'Reserving capacity',
      'Preparing the image',
      'Creating the disk',
      'Booting',
      'Waiting for the guest',
    ])
    expect(stages.every(({ seconds }) => seconds > 0)).toBe(true)
    expect((await fixture.readMachine(machine.id)).host).toMatchObject({
      isLost: false,
      isAccelerated: false,
    })
  })

  it('returns the same machine for the same idempotency key, also concurrently', async () => {
    const key = randomUUID()
    const answers = await Promise.all([1, 2, 3].map(() => fixture.createMachine({ name: 'once' }, key)))
    answers.push(await fixture.createMachine({ name: 'once' }, key))
    expect(new Set(answers.map(({ machine }) => machine.id)).size).toBe(1)
    expect(new Set(answers.map(({ order }) => order.number)).size).toBe(1)
    expect(await database.db.machine.count({ where: { name: 'once' } })).toBe(1)
    await expect(fixture.createMachine({ name: 'other' }, key)).rejects.toMatchObject({
      code: 'order.key_reused',
    })
    // Keys are scoped to their owner.
    const { id } = await createOwner(database.db)
    expect((await fixture.createMachine({ name: 'once' }, key, id)).machine.id).not.toBe(
      answers[0]!.machine.id,
    )
  })

  it('rejects a request beyond the quota with the numbers', async () => {
    const { id } = await createOwner(database.db)
    const big = { size: { cpus: 20, memoryMiB: 256, diskMiB: 256 } }
    await fixture.createMachine(big, undefined, id)
    await expect(fixture.createMachine(big, undefined, id)).rejects.toMatchObject({
      code: 'machine.quota_exceeded',
      message: 'This needs 20 CPUs; you use 20 CPUs of your 32 CPUs. Terminate a machine to free some.',
      details: { what: 'cpus', asked: 20, used: 20, limit: 32 },
    })
    // Concurrent requests cannot exceed it together.
    const half = { size: { cpus: 8, memoryMiB: 256, diskMiB: 256 } }
    const outcomes = await Promise.allSettled([1, 2].map(() => fixture.createMachine(half, undefined, id)))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('treats the snapshot of another user as an unknown image and does not list it', async () => {
    const id = randomUUID()
    const { id: otherUser } = await createOwner(database.db)
    const size = { cpus: 1, memoryMiB: 128, diskMiB: 128 }
    const hostId = fixture.host.id
    await createOtherHost({ images: [{ ...IMAGE_FACTS, name: toSnapshotImageName(id), minimum: size }] })
    await database.db.machineSnapshot.create({
      data: {
        ...size,
        id,
        ownerId: otherUser,
        name: 'theirs',
        hostId,
        machineId: randomUUID(),
        state: 'done',
      },
    })
    const order = { image: toSnapshotImageName(id) }
    await expect(fixture.createMachine(order)).rejects.toMatchObject({
      code: 'machine.image_unknown',
      message: expect.stringMatching(/Available images: tiny\.$/) as string,
    })
    const { machine } = await fixture.createMachine(order, undefined, otherUser)
    expect(await database.db.machine.findUnique({ where: { id: machine.id } })).toMatchObject({ hostId })
    await requestTermination({ ...fixture.target(machine.id), ownerId: otherUser })
  })

  it('requires for a snapshot the memory its image requires, not that of its machine', async () => {
    const size = { cpus: 1, memoryMiB: 4_096, diskMiB: 128 }
    const { id } = await database.db.machineSnapshot.create({
      data: {
        ...size,
        leastMemoryMiB: 512,
        ownerId: fixture.ownerId,
        name: 'of a Debian',
        hostId: fixture.host.id,
        machineId: randomUUID(),
        state: 'done',
      },
    })
    const { snapshots } = await listSnapshots(database.db, fixture.ownerId)
    expect(snapshots).toContainEqual(expect.objectContaining({ id, leastMemoryMiB: 512, diskMiB: 128 }))
    const order = (memoryMiB: number) =>
      fixture.createMachine({ image: toSnapshotImageName(id), size: { ...size, memoryMiB } })
    await expect(order(256)).rejects.toMatchObject({
      code: 'machine.too_small',
      message: 'This snapshot needs at least 512 MiB of memory.',
    })
    const { machine } = await order(512)
    await requestTermination(fixture.target(machine.id))
  })

  it('places a machine with internet on a host that offers it and rejects it with the reason if none does', async () => {
    await createOtherHost({ facts: { outboundProblem: 'slirp4netns is missing.' } })
    const { machine } = await fixture.createMachine({ network: 'outbound' })
    expect(await database.db.machine.findUnique({ where: { id: machine.id } })).toMatchObject({
      hostId: fixture.host.id,
    })
    // The host's own heartbeat restores its facts, hence the retry.
    const facts = { ...HOST_FACTS, outboundProblem: 'There is no /dev/net/tun.' }
    await vi.waitFor(async () => {
      await database.db.machineHost.updateMany({ data: { facts } })
      await expect(fixture.createMachine({ network: 'outbound' })).rejects.toMatchObject({
        code: 'machine.network_unavailable',
        message: 'There is no /dev/net/tun.',
      })
    })
    await database.db.machineHost.updateMany({ data: { facts: HOST_FACTS } })
  })

  it('rejects an unknown image and a size that is too small', async () => {
    await expect(fixture.createMachine({ image: 'windows; rm -rf /' })).rejects.toMatchObject({
      code: 'machine.image_unknown',
      message: expect.stringContaining('Available images: tiny.') as string,
    })
    await expect(
      fixture.createMachine({ size: { cpus: 1, memoryMiB: 64, diskMiB: 512 } }),
    ).rejects.toMatchObject({
      code: 'machine.too_small',
    })
  })

  it.each([
    { name: 'a; reboot' },
    { name: '$(reboot)' },
    { name: '-rf' },
    { name: 'a'.repeat(64) },
    { size: { cpus: 0, memoryMiB: 128, diskMiB: 512 } },
    { size: { cpus: 1, memoryMiB: 1e9, diskMiB: 512 } },
    { size: 'gigantic' },
    { sshKeys: ['ssh-ed25519 AAAA\nssh-rsa BBBB'] },
    { sshKeys: ['no key'] },
    { userData: 'x'.repeat(70_000) },
    { ttlMinutes: 0 },
  ])('rejects the invalid request %j', (order) => {
    expect(createMachineSchema.safeParse(order).success).toBe(false)
  })
})

describe('a machine', () => {
  it('stops, starts and reboots, with an audit event for every change', async () => {
    const { machine } = await fixture.createMachine({ name: 'worked-on' })
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
    await expect
      .poll(async () => (await fixture.readMachine(machine.id)).size, { timeout: 10_000 })
      .toEqual(larger)
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
      const { machine } = await fixture.createMachine({}, undefined, ownerId)
      const target = { ...fixture.target(machine.id), ownerId, actorId: ownerId }
      const state = async () => (await getMachine(database.db, { id: machine.id, ownerId })).state
      await expect.poll(state, { timeout: 10_000 }).toBe('running')
      await requestPowerAction(target, 'stop')
      await expect.poll(state, { timeout: 10_000 }).toBe('stopped')
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
    await expect.poll(cpus, { timeout: 10_000 }).toBe(20)
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

describe('user-data', () => {
  it('runs after provisioning and returns exit code and output', async () => {
    const { machine } = await fixture.createMachine({ userData: 'echo hello\necho $((6*7))\nexit 3' })
    await expect
      .poll(
        async () =>
          (await database.db.task.findFirst({ where: { machineId: machine.id, kind: 'machine.execute' } }))
            ?.state,
        { timeout: 10_000 },
      )
      .toBe('done')
    const { scriptTaskId } = await fixture.readMachine(machine.id)
    expect((await fixture.readTask(scriptTaskId!)).result).toEqual({
      exitCode: 3,
      output: 'hello\n42\n',
      outputBytes: 9,
    })
  })

  it('ends at its timeout or when canceled, with different results', async () => {
    const readScriptTask = async (id: string) => {
      const { scriptTaskId } = await fixture.readMachine(id)
      return fixture.readTask(scriptTaskId!)
    }
    fixture.hypervisor.scriptTimeoutMs = 50
    const { machine: late } = await fixture.createMachine({ userData: 'sleep 1000' })
    await expect.poll(async () => (await readScriptTask(late.id)).state, { timeout: 10_000 }).toBe('failed')
    expect((await readScriptTask(late.id)).error).toMatchObject({ code: 'machine.script_timeout' })
    expect((await fixture.readMachine(late.id)).state).toBe('running')
    fixture.hypervisor.scriptTimeoutMs = undefined
    const { machine: canceled } = await fixture.createMachine({
      userData: 'sleep 1000',
      terminateAfterScript: true,
    })
    await expect
      .poll(async () => (await readScriptTask(canceled.id)).state, { timeout: 10_000 })
      .toBe('in_progress')
    await cancelTask({
      ...fixture.deps(),
      taskId: (await readScriptTask(canceled.id)).id,
      ownerId: fixture.ownerId,
    })
    await fixture.waitForState(canceled.id, 'terminated')
    expect((await readScriptTask(canceled.id)).state).toBe('canceled')
    await requestTermination(fixture.target(late.id))
  })

  it('terminates the machine afterwards if requested', async () => {
    const { machine } = await fixture.createMachine({ userData: 'echo done', terminateAfterScript: true })
    await fixture.waitForState(machine.id, 'terminated')
  })
})

const HOST_FACTS = {
  version: '1',
  isAccelerated: false,
  note: 'A test.',
  problem: null,
  outboundProblem: null,
}
const IMAGE_FACTS = { label: 'tiny', description: 'A test.', problem: null }

/** Another host that is online for the duration of the test. */
async function createOtherHost({ facts = {}, images = [] }: { facts?: object; images?: object[] }) {
  const id = randomUUID()
  const inventory = { facts: { ...HOST_FACTS, ...facts }, images: images as Prisma.InputJsonArray }
  await database.db.machineHost.create({
    data: {
      id,
      name: 'other',
      workerPid: 1,
      seenAt: new Date(),
      consoleUrl: 'http://127.0.0.1:9',
      ...inventory,
    },
  })
  onTestFinished(async () => {
    await database.db.machineHost.updateMany({ where: { id }, data: { seenAt: new Date(0) } })
  })
  return id
}

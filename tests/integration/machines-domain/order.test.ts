// Long, because it follows orders through every state they may be in, with one room of a worker and a database.

import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Prisma } from '@/lib/generated/prisma/client'
import { machineOrderSchema } from '@/lib/machines/contract'
import { changeMachine, editMachine, resize, terminate } from '@/lib/machines/control'
import { listMachineEvents } from '@/lib/machines/events'
import { getMachine, listMachines } from '@/lib/machines/queries'
import { sizeOf } from '@/lib/machines/sizes'
import { machineMoves } from '@/lib/machines/state'
import { cancelTask } from '@/lib/tasks/control'
import { snapshotImage } from '@/lib/machines/snapshot-name'
import { listSnapshots } from '@/lib/machines/snapshots'
import { createOwner, useDatabase } from '@/tests/support/database'
import { useMachineRoom } from '@/tests/support/machine-room'

const database = useDatabase()
const room = useMachineRoom(database)
beforeAll(async () => void (await room.startWorker()))

describe('an order', () => {
  it('is answered at once with its number, and the machine runs soon after, with its stages and their times', async () => {
    const { machine, order, task } = await room.order({ name: 'build-box' })
    expect(machine).toMatchObject({
      name: 'build-box',
      state: 'pending',
      order: order.number,
      taskId: task.id,
    })
    expect(task).toMatchObject({ kind: 'machine.provision', state: 'queued', machineId: machine.id })
    await room.becomes(machine.id, 'running')
    const done = await room.task(task.id)
    expect(done).toMatchObject({ state: 'done', progress: 1 })
    const { stages } = done.result as { stages: { name: string; seconds: number }[] }
    expect(stages.map(({ name }) => name)).toEqual([
      'Reserving room',
      'Preparing the image',
      'Making the disk',
      'Booting',
      'Waiting for its answer',
    ])
    expect(stages.every(({ seconds }) => seconds > 0)).toBe(true)
    expect((await room.machine(machine.id)).host).toMatchObject({ isLost: false, isAccelerated: false })
  })

  it('asked twice with the same key gives the same machine, also at the same moment', async () => {
    const key = randomUUID()
    const answers = await Promise.all([1, 2, 3].map(() => room.order({ name: 'once' }, key)))
    answers.push(await room.order({ name: 'once' }, key))
    expect(new Set(answers.map(({ machine }) => machine.id)).size).toBe(1)
    expect(new Set(answers.map(({ order }) => order.number)).size).toBe(1)
    expect(await database.db.machine.count({ where: { name: 'once' } })).toBe(1)
    await expect(room.order({ name: 'other' }, key)).rejects.toMatchObject({ code: 'order.key_reused' })
    // The key is the owner's: somebody else's is another one.
    const { id } = await createOwner(database.db)
    expect((await room.order({ name: 'once' }, key, id)).machine.id).not.toBe(answers[0]!.machine.id)
  })

  it('beyond the quota is refused with the numbers', async () => {
    const { id } = await createOwner(database.db)
    const big = { size: { cpus: 20, memoryMiB: 256, diskMiB: 256 } }
    await room.order(big, undefined, id)
    await expect(room.order(big, undefined, id)).rejects.toMatchObject({
      code: 'machine.quota_exceeded',
      message: 'This needs 20 CPUs; you use 20 CPUs of your 32 CPUs. Terminate a machine to make room.',
      details: { what: 'cpus', asked: 20, used: 20, limit: 32 },
    })
    // Two at once do not both take the last of it.
    const half = { size: { cpus: 8, memoryMiB: 256, diskMiB: 256 } }
    const outcomes = await Promise.allSettled([1, 2].map(() => room.order(half, undefined, id)))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('of somebody else’s snapshot is as one of nothing, and nobody is offered it', async () => {
    const id = randomUUID()
    const { id: stranger } = await createOwner(database.db)
    const size = { cpus: 1, memoryMiB: 128, diskMiB: 128 }
    const hostId = room.host.id
    await otherHost({ images: [{ ...IMAGE, name: snapshotImage(id), minimum: size }] })
    await database.db.machineSnapshot.create({
      data: {
        ...size,
        id,
        ownerId: stranger,
        name: 'theirs',
        hostId,
        machineId: randomUUID(),
        state: 'done',
      },
    })
    const order = { image: snapshotImage(id) }
    await expect(room.order(order)).rejects.toMatchObject({
      code: 'machine.image_unknown',
      message: expect.stringMatching(/There are: tiny\.$/) as string,
    })
    const { machine } = await room.order(order, undefined, stranger)
    expect(await database.db.machine.findUnique({ where: { id: machine.id } })).toMatchObject({ hostId })
    await terminate({ ...room.target(machine.id), ownerId: stranger })
  })

  it('of a snapshot needs the memory that its image needed, however large the machine was', async () => {
    const size = { cpus: 1, memoryMiB: 4_096, diskMiB: 128 }
    const { id } = await database.db.machineSnapshot.create({
      data: {
        ...size,
        leastMemoryMiB: 512,
        ownerId: room.ownerId,
        name: 'of a Debian',
        hostId: room.host.id,
        machineId: randomUUID(),
        state: 'done',
      },
    })
    const { snapshots } = await listSnapshots(database.db, room.ownerId)
    expect(snapshots).toContainEqual(expect.objectContaining({ id, leastMemoryMiB: 512, diskMiB: 128 }))
    const order = (memoryMiB: number) =>
      room.order({ image: snapshotImage(id), size: { ...size, memoryMiB } })
    await expect(order(256)).rejects.toMatchObject({
      code: 'machine.too_small',
      message: 'This snapshot needs 512 MiB of memory at least.',
    })
    const { machine } = await order(512)
    await terminate(room.target(machine.id))
  })

  it('with internet goes to a host that gives it, and is refused with the reason where none does', async () => {
    await otherHost({ facts: { outboundProblem: 'slirp4netns is missing.' } })
    const { machine } = await room.order({ network: 'outbound' })
    expect(await database.db.machine.findUnique({ where: { id: machine.id } })).toMatchObject({
      hostId: room.host.id,
    })
    // The host says again and again what it is like.
    const facts = { ...FACTS, outboundProblem: 'There is no /dev/net/tun.' }
    await vi.waitFor(async () => {
      await database.db.machineHost.updateMany({ data: { facts } })
      await expect(room.order({ network: 'outbound' })).rejects.toMatchObject({
        code: 'machine.network_unavailable',
        message: 'There is no /dev/net/tun.',
      })
    })
    await database.db.machineHost.updateMany({ data: { facts: FACTS } })
  })

  it('of what there is not is refused with what there is', async () => {
    await expect(room.order({ image: 'windows; rm -rf /' })).rejects.toMatchObject({
      code: 'machine.image_unknown',
      message: expect.stringContaining('There are: tiny.') as string,
    })
    await expect(room.order({ size: { cpus: 1, memoryMiB: 64, diskMiB: 512 } })).rejects.toMatchObject({
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
  ])('that makes no sense is not understood: %j', (order) => {
    expect(machineOrderSchema.safeParse(order).success).toBe(false)
  })
})

describe('a machine', () => {
  it('is stopped, started and rebooted, and every change is in its audit trail', async () => {
    const { machine } = await room.order({ name: 'worked-on' })
    await expect(changeMachine(room.target(machine.id), 'stop')).rejects.toMatchObject({ status: 409 })
    await room.becomes(machine.id, 'running')
    await changeMachine(room.target(machine.id), 'stop')
    await changeMachine(room.target(machine.id), 'stop')
    await room.becomes(machine.id, 'stopped')
    await changeMachine(room.target(machine.id), 'start')
    await room.becomes(machine.id, 'running')
    await changeMachine(room.target(machine.id), 'reboot')
    await room.becomes(machine.id, 'running')
    const events = await listMachineEvents(database.db, { id: machine.id, ownerId: room.ownerId })
    const { email } = await database.db.user.findUniqueOrThrow({ where: { id: room.ownerId } })
    expect(events.toReversed().map(({ action, actor }) => [action, actor])).toEqual([
      ['ordered', email],
      ['running', null],
      ['stopped', email],
      ['started', email],
      ['rebooted', email],
    ])
  })

  it('is terminated while it is being made, and nothing is left', async () => {
    let reached = () => {}
    const isBooting = new Promise<void>((resolve) => (reached = resolve))
    room.hypervisor.onStage = (stage) => {
      if (stage !== 'boot') return
      room.hypervisor.pace.stageMs = 5_000
      reached()
    }
    const { machine, task } = await room.order({ name: 'short-lived' })
    await isBooting
    await terminate(room.target(machine.id))
    room.hypervisor.onStage = () => undefined
    room.hypervisor.pace.stageMs = 5
    await room.becomes(machine.id, 'terminated')
    await expect.poll(() => room.hypervisor.has(machine.id)).toBe(false)
    expect((await room.task(task.id)).state).toBe('canceled')
    expect(
      await database.db.task.count({
        where: { machineId: machine.id, state: { in: ['queued', 'in_progress'] } },
      }),
    ).toBe(0)
  })

  it.each(
    machineMoves.statesBefore('terminating').filter((state) => !['pending', 'terminating'].includes(state)),
  )('is terminated from the state %s', async (state) => {
    const { machine } = await room.order()
    await room.becomes(machine.id, 'running')
    await database.db.machine.update({ where: { id: machine.id }, data: { state } })
    await terminate(room.target(machine.id))
    await room.becomes(machine.id, 'terminated')
    expect(await room.hypervisor.has(machine.id)).toBe(false)
  })

  it('that is stopped gets another size, and only then', async () => {
    const { machine } = await room.order({ size: { cpus: 1, memoryMiB: 128, diskMiB: 512 } })
    await room.becomes(machine.id, 'running')
    const larger = sizeOf({ cpus: 2, memoryMiB: 256, diskMiB: 1_024 })
    await expect(resize(room.target(machine.id), larger)).rejects.toMatchObject({
      code: 'machine.not_stopped',
    })
    await changeMachine(room.target(machine.id), 'stop')
    await room.becomes(machine.id, 'stopped')
    const smaller = sizeOf({ ...larger, diskMiB: 256 })
    await expect(resize(room.target(machine.id), smaller)).rejects.toMatchObject({
      code: 'machine.disk_shrinks',
    })
    await resize(room.target(machine.id), larger)
    await expect.poll(async () => (await room.machine(machine.id)).size, { timeout: 10_000 }).toEqual(larger)
    await changeMachine(room.target(machine.id), 'start')
    await room.becomes(machine.id, 'running')
    await terminate(room.target(machine.id))
  })

  it('that is stopped keeps what its image needs', async () => {
    const { machine } = await room.order({ size: { cpus: 1, memoryMiB: 128, diskMiB: 512 } })
    await room.becomes(machine.id, 'running')
    await changeMachine(room.target(machine.id), 'stop')
    await room.becomes(machine.id, 'stopped')
    const smaller = sizeOf({ cpus: 1, memoryMiB: 64, diskMiB: 512 })
    await expect(resize(room.target(machine.id), smaller)).rejects.toMatchObject({
      code: 'machine.too_small',
      message: expect.stringMatching(/needs \d+ MiB of memory at least\.$/),
    })
    await terminate(room.target(machine.id))
  })

  it('that is about to grow counts as large as it will be', async () => {
    const { id: ownerId } = await createOwner(database.db)
    const grown = sizeOf({ cpus: 20, memoryMiB: 128, diskMiB: 128 })
    const make = async () => {
      const { machine } = await room.order({}, undefined, ownerId)
      const target = { ...room.target(machine.id), ownerId, actorId: ownerId }
      const state = async () => (await getMachine(database.db, { id: machine.id, ownerId })).state
      await expect.poll(state, { timeout: 10_000 }).toBe('running')
      await changeMachine(target, 'stop')
      await expect.poll(state, { timeout: 10_000 }).toBe('stopped')
      return target
    }
    const [one, two] = [await make(), await make()]
    const held = Promise.withResolvers<void>()
    void room.host.inTurn(one.id, () => held.promise)
    const sizeOne = {
      ...grown,
      diskMiB: (await getMachine(database.db, { id: one.id, ownerId })).size.diskMiB,
    }
    await resize(one, sizeOne)
    await expect(resize(two, sizeOne)).rejects.toMatchObject({
      code: 'machine.quota_exceeded',
      details: { what: 'cpus', asked: 19, used: 21, limit: 32 },
    })
    held.resolve()
    const cpus = async () => (await getMachine(database.db, { id: one.id, ownerId })).size.cpus
    await expect.poll(cpus, { timeout: 10_000 }).toBe(20)
    for (const each of [one, two]) await terminate(each)
  })

  it('that runs although it was to be stopped is kept running once that is asked for', async () => {
    const { machine } = await room.order()
    await room.becomes(machine.id, 'running')
    const { id } = machine
    await database.db.machine.update({ where: { id }, data: { desired: 'stopped' } })
    await changeMachine(room.target(id), 'start')
    expect((await database.db.machine.findUniqueOrThrow({ where: { id } })).desired).toBe('running')
    await terminate(room.target(id))
  })

  it('that is protected is not terminated', async () => {
    const { machine } = await room.order({ isProtected: true })
    await expect(terminate(room.target(machine.id))).rejects.toMatchObject({ code: 'machine.protected' })
    await editMachine(room.target(machine.id), { isProtected: false })
    await terminate(room.target(machine.id))
    await room.becomes(machine.id, 'terminated')
    await terminate(room.target(machine.id))
  })

  it('of somebody else is absent', async () => {
    const { machine } = await room.order()
    const { id: stranger } = await createOwner(database.db)
    const target = { ...room.target(machine.id), ownerId: stranger, actorId: stranger }
    const acts = await Promise.allSettled([
      getMachine(database.db, { id: machine.id, ownerId: stranger }),
      changeMachine(target, 'stop'),
      terminate(target),
      editMachine(target, { name: 'mine' }),
      listMachineEvents(database.db, { id: machine.id, ownerId: stranger }),
    ])
    for (const act of acts) expect(act).toMatchObject({ reason: { code: 'machine.not_found', status: 404 } })
    expect((await listMachines(database.db, { ownerId: stranger })).machines).toEqual([])
  })
})

describe('user-data', () => {
  it('runs once the machine does; exit code and output are the result', async () => {
    const { machine } = await room.order({ userData: 'echo hello\necho $((6*7))\nexit 3' })
    await expect
      .poll(
        async () =>
          (await database.db.task.findFirst({ where: { machineId: machine.id, kind: 'machine.execute' } }))
            ?.state,
        { timeout: 10_000 },
      )
      .toBe('done')
    const { scriptTaskId } = await room.machine(machine.id)
    expect((await room.task(scriptTaskId!)).result).toEqual({
      exitCode: 3,
      output: 'hello\n42\n',
      outputBytes: 9,
    })
  })

  it('that never ends is ended when its time is over, or when it is canceled, and says which', async () => {
    const scriptOf = async (id: string) => {
      const { scriptTaskId } = await room.machine(id)
      return room.task(scriptTaskId!)
    }
    room.hypervisor.scriptMs = 50
    const { machine: late } = await room.order({ userData: 'sleep 1000' })
    await expect.poll(async () => (await scriptOf(late.id)).state, { timeout: 10_000 }).toBe('failed')
    expect((await scriptOf(late.id)).error).toMatchObject({ code: 'machine.script_timeout' })
    expect((await room.machine(late.id)).state).toBe('running')
    room.hypervisor.scriptMs = undefined
    const { machine: unwanted } = await room.order({ userData: 'sleep 1000', terminateAfterScript: true })
    await expect
      .poll(async () => (await scriptOf(unwanted.id)).state, { timeout: 10_000 })
      .toBe('in_progress')
    await cancelTask({ ...room.given(), taskId: (await scriptOf(unwanted.id)).id, ownerId: room.ownerId })
    await room.becomes(unwanted.id, 'terminated')
    expect((await scriptOf(unwanted.id)).state).toBe('canceled')
    await terminate(room.target(late.id))
  })

  it('may be all that a machine is for', async () => {
    const { machine } = await room.order({ userData: 'echo done', terminateAfterScript: true })
    await room.becomes(machine.id, 'terminated')
  })
})

const FACTS = { version: '1', isAccelerated: false, note: 'A test.', problem: null, outboundProblem: null }
const IMAGE = { label: 'tiny', description: 'A test.', problem: null }

/** A host that is heard of for the length of a test. */
async function otherHost({ facts = {}, images = [] }: { facts?: object; images?: object[] }) {
  const id = randomUUID()
  const told = { facts: { ...FACTS, ...facts }, images: images as Prisma.InputJsonArray }
  await database.db.machineHost.create({
    data: { id, name: 'other', workerPid: 1, seenAt: new Date(), consoleUrl: 'http://127.0.0.1:9', ...told },
  })
  onTestFinished(async () => {
    await database.db.machineHost.updateMany({ where: { id }, data: { seenAt: new Date(0) } })
  })
  return id
}

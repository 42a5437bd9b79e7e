// Over 200 lines because requests and the provisioning that they start share one worker and one database.

import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createMachineSchema } from '@/lib/machines/schema'
import { requestTermination } from '@/lib/machines/termination'
import { cancelTask } from '@/lib/tasks/commands'
import { toSnapshotImageName } from '@/lib/machines/snapshot-image-name'
import { listSnapshots } from '@/lib/machines/snapshots'
import { createOwner, useDatabase } from '@/tests/support/database'
import { useMachineFixture } from '@/tests/support/machine-fixture'
import { createOtherHost, HOST_FACTS } from '@/tests/support/other-host'

const IMAGE_FACTS = { label: 'tiny', description: 'A test.', problem: null }

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
    expect(stages.map(({ name }) => name)).toEqual(['Preparing the image', 'Creating the disk', 'Booting'])
    expect(stages.every(({ seconds }) => seconds > 0)).toBe(true)
    expect((await fixture.readMachine(machine.id)).host).toMatchObject({
      isLost: false,
      kind: 'vm',
      isAccelerated: false,
    })
  })

  it('returns the same machine for the same idempotency key, also concurrently', async () => {
    const key = randomUUID()
    const results = await Promise.all(
      [1, 2, 3].map(() => fixture.createMachine({ name: 'once' }, { idempotencyKey: key })),
    )
    results.push(await fixture.createMachine({ name: 'once' }, { idempotencyKey: key }))
    expect(new Set(results.map(({ machine }) => machine.id)).size).toBe(1)
    expect(new Set(results.map(({ order }) => order.number)).size).toBe(1)
    expect(await database.db.machine.count({ where: { name: 'once' } })).toBe(1)
    await expect(fixture.createMachine({ name: 'other' }, { idempotencyKey: key })).rejects.toMatchObject({
      code: 'order.key_reused',
    })
    // Keys are scoped to their owner.
    const { id } = await createOwner(database.db)
    expect(
      (await fixture.createMachine({ name: 'once' }, { idempotencyKey: key, ownerId: id })).machine.id,
    ).not.toBe(results[0]!.machine.id)
  })

  it('rejects a request beyond the quota, with needed, used and allowed amounts', async () => {
    const { id } = await createOwner(database.db)
    const big = { size: { cpus: 20, memoryMiB: 256, diskMiB: 256 } }
    await fixture.createMachine(big, { ownerId: id })
    await expect(fixture.createMachine(big, { ownerId: id })).rejects.toMatchObject({
      code: 'machine.quota_exceeded',
      message: 'This needs 20 CPUs; you use 20 CPUs of your 32 CPUs. Terminate a machine to free some.',
      details: { what: 'cpus', asked: 20, used: 20, limit: 32 },
    })
    // Concurrent requests cannot exceed it together.
    const half = { size: { cpus: 8, memoryMiB: 256, diskMiB: 256 } }
    const outcomes = await Promise.allSettled([1, 2].map(() => fixture.createMachine(half, { ownerId: id })))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('treats the snapshot of another user as an unknown image and does not list it', async () => {
    const id = randomUUID()
    const { id: otherUser } = await createOwner(database.db)
    const size = { cpus: 1, memoryMiB: 128, diskMiB: 128 }
    const hostId = fixture.host.id
    await createOtherHost(database.db, {
      images: [{ ...IMAGE_FACTS, name: toSnapshotImageName(id), minimum: size }],
    })
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
    const request = { image: toSnapshotImageName(id) }
    await expect(fixture.createMachine(request)).rejects.toMatchObject({
      code: 'machine.image_unknown',
      message: expect.stringMatching(/Available images: tiny\.$/) as string,
    })
    const { machine } = await fixture.createMachine(request, { ownerId: otherUser })
    expect(await database.db.machine.findUnique({ where: { id: machine.id } })).toMatchObject({ hostId })
    await requestTermination({ ...fixture.target(machine.id), ownerId: otherUser })
  })

  it('requires for a snapshot the minimum memory of its image, not the memory of its machine', async () => {
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
    const createWithMemory = (memoryMiB: number) =>
      fixture.createMachine({ image: toSnapshotImageName(id), size: { ...size, memoryMiB } })
    await expect(createWithMemory(256)).rejects.toMatchObject({
      code: 'machine.too_small',
      message: 'This snapshot needs at least 512 MiB of memory.',
    })
    const { machine } = await createWithMemory(512)
    await requestTermination(fixture.target(machine.id))
  })

  it('places a machine with an outbound network on a host that offers one, and rejects it with the reason if none does', async () => {
    await createOtherHost(database.db, { facts: { outboundProblem: 'slirp4netns is missing.' } })
    const { machine } = await fixture.createMachine({ network: 'outbound' })
    expect(await database.db.machine.findUnique({ where: { id: machine.id } })).toMatchObject({
      hostId: fixture.host.id,
    })
    // Retried because the heartbeat of the host restores its facts.
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
  ])('rejects the invalid request %j', (request) => {
    expect(createMachineSchema.safeParse(request).success).toBe(false)
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
    await expect.poll(async () => (await readScriptTask(late.id)).state).toBe('failed')
    expect((await readScriptTask(late.id)).error).toMatchObject({ code: 'machine.script_timeout' })
    expect((await fixture.readMachine(late.id)).state).toBe('running')
    fixture.hypervisor.scriptTimeoutMs = undefined
    const { machine: canceled } = await fixture.createMachine({
      userData: 'sleep 1000',
      terminateAfterScript: true,
    })
    await expect.poll(async () => (await readScriptTask(canceled.id)).state).toBe('in_progress')
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

it('refuses a configuration for cloud-init where no host passes it on', async () => {
  await expect(fixture.createMachine({ userData: '#cloud-config\n' })).rejects.toMatchObject({
    code: 'machine.not_offered',
    message: expect.stringContaining('Use a script'),
  })
})

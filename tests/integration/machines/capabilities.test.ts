import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { readMachineAvailability } from '@/lib/machines/availability'
import { requestResize } from '@/lib/machines/commands'
import { issueConsoleToken, redeemConsoleToken } from '@/lib/machines/console-token'
import { findMinimumSize } from '@/lib/machines/minimum-size'
import { forwardPort } from '@/lib/machines/ports'
import { SIZES } from '@/lib/machines/sizes'
import { toSnapshotImageName } from '@/lib/machines/snapshot-image-name'
import { requestSnapshot } from '@/lib/machines/snapshots'
import { executeScriptTask, provisionMachineTask } from '@/lib/machines/tasks'
import { createMachineShare, findMachineShareByGrant } from '@/lib/shares/machine-shares'
import { openShare } from '@/lib/shares/open-share'
import type { SharedMachineDto } from '@/lib/shares/schema'
import { installQueue } from '@/lib/tasks/boss'
import { queueNameOf } from '@/lib/tasks/task-kind'
import { useDatabase } from '@/tests/support/database'
import { useMachineFixture } from '@/tests/support/machine-fixture'
import { createOtherHost } from '@/tests/support/other-host'

const NOTHING = { console: false, execute: false, ports: false, snapshots: false, resize: false }
const IMAGE = {
  name: 'box',
  label: 'Box',
  description: 'A box.',
  kind: 'container',
  minimum: { cpus: 1, memoryMiB: 128, diskMiB: 128 },
  problem: null,
}

const database = useDatabase()
const fixture = useMachineFixture(database)

const shareConsole = (machineId: string, { isTypingAllowed }: { isTypingAllowed: boolean }) =>
  createMachineShare(database.db, {
    machineId,
    ownerId: fixture.ownerId,
    settings: { isTypingAllowed, expiresInMinutes: 60 },
  })

it('places a machine on the host that offers its image, and refuses what that host cannot do', async () => {
  await fixture.startWorker()
  const capabilities = { ...NOTHING, survivesApp: true }
  const other = await createOtherHost(database.db, {
    facts: { kinds: ['container'], capabilities },
    images: [IMAGE],
  })
  await installQueue(fixture.boss, provisionMachineTask, queueNameOf(provisionMachineTask, other))
  await expect(fixture.createMachine({ image: 'box', userData: 'echo 1' })).rejects.toMatchObject({
    code: 'machine.not_offered',
  })
  const { machine } = await fixture.createMachine({ image: 'box', network: 'outbound' })
  expect(machine.host).toMatchObject({ name: 'other', kind: 'container', capabilities })
  const move = (state: 'running' | 'stopped') =>
    database.db.machine.update({ where: { id: machine.id }, data: { state, hostId: other } })
  await move('running')
  const target = fixture.target(machine.id)
  const refused = { code: 'machine.not_supported', status: 409 }
  await expect(requestSnapshot(target, 'saved')).rejects.toMatchObject(refused)
  await expect(forwardPort(target, { guestPort: 80 })).rejects.toMatchObject(refused)
  const { token } = await issueConsoleToken(database.db, target)
  await expect(redeemConsoleToken(database.db, { token, userId: fixture.ownerId })).rejects.toMatchObject(
    refused,
  )
  await expect(shareConsole(machine.id, { isTypingAllowed: false })).rejects.toMatchObject(refused)
  await move('stopped')
  await expect(requestResize(target, { name: 'small', ...SIZES.small })).rejects.toMatchObject(refused)
})

it('offers an image of several names once, and places a machine that is requested by any of them', async () => {
  const other = await createOtherHost(database.db, {
    facts: { kinds: ['vm', 'container'], capabilities: { ...NOTHING, survivesApp: true } },
    images: [{ ...IMAGE, aliases: ['box/1', toSnapshotImageName(randomUUID())] }],
  })
  await installQueue(fixture.boss, provisionMachineTask, queueNameOf(provisionMachineTask, other))
  const { images } = await readMachineAvailability(database.db)
  expect(images.filter(({ kind }) => kind === 'container')).toEqual([{ ...IMAGE, aliases: ['box/1'] }])
  const { machine } = await fixture.createMachine({ image: 'box/1' })
  expect(machine).toMatchObject({ image: 'box/1', host: { name: 'other', kind: 'container' } })
  await expect(fixture.createMachine({ image: 'box/2' })).rejects.toMatchObject({
    code: 'machine.image_unknown',
  })
  // What is too small for the image is so under each name.
  await expect(
    findMinimumSize(database.db, { ownerId: fixture.ownerId, image: 'box/1' }),
  ).resolves.toMatchObject({
    label: 'Box',
  })
})

it('shows the offer of a machine, and refuses a size that is larger than all', async () => {
  const offers = [{ name: 'nano', cpus: 2, memoryMiB: 512, pricePerHour: 0.0052 }]
  const other = await createOtherHost(database.db, {
    facts: {
      kinds: ['vm'],
      capabilities: { ...NOTHING, console: true, consoleInput: false, bootScript: true, survivesApp: true },
      offers,
    },
    images: [{ ...IMAGE, name: 'ami' }],
  })
  for (const kind of [provisionMachineTask, executeScriptTask])
    await installQueue(fixture.boss, kind, queueNameOf(kind, other))
  await expect(fixture.createMachine({ image: 'ami', size: 'medium' })).rejects.toMatchObject({
    code: 'machine.not_offered',
  })
  const { machine } = await fixture.createMachine({ image: 'ami', userData: 'echo 1' })
  expect(machine.host).toMatchObject({ offer: offers[0], capabilities: { usage: true } })
  // Its console shows output only, so that links to it are for watching.
  expect(await shareConsole(machine.id, { isTypingAllowed: false })).toMatchObject({ machineId: machine.id })
  await expect(shareConsole(machine.id, { isTypingAllowed: true })).rejects.toMatchObject({
    code: 'machine.not_supported',
  })
})

it('a link to type that is older than the host of its machine admits what the host can do', async () => {
  const capabilities = { ...NOTHING, console: true, survivesApp: true }
  const [silent, typing] = await Promise.all(
    [false, true].map((consoleInput) =>
      createOtherHost(database.db, {
        facts: { kinds: ['vm'], capabilities: { ...capabilities, consoleInput } },
      }),
    ),
  )
  const { machine } = await fixture.createMachine()
  const { url } = await shareConsole(machine.id, { isTypingAllowed: true })
  const token = url!.split('/').at(-1)!
  const readOn = async (hostId: string | null) => {
    await database.db.machine.update({ where: { id: machine.id }, data: { hostId } })
    const opened = await openShare(database.db, { token, address: '127.0.0.1' })
    const { grant, isTypingAllowed } = opened as SharedMachineDto
    return [isTypingAllowed, (await findMachineShareByGrant(database.db, grant))?.isTypingAllowed]
  }
  expect(await readOn(null)).toEqual([true, true])
  expect(await readOn(silent!)).toEqual([false, false])
  expect(await readOn(typing!)).toEqual([true, true])
})

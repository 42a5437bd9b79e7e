import { expect, it } from 'vitest'
import { createMachineShare, listMachineShares } from '@/lib/shares/machine-shares'
import { MAX_SHARES } from '@/lib/shares/schema'
import { useDatabase } from '@/tests/support/database'
import { useMachineFixture } from '@/tests/support/machine-fixture'

const database = useDatabase()
const fixture = useMachineFixture(database)

const shareConsole = (machineId: string, isTypingAllowed = false) =>
  createMachineShare(database.db, {
    machineId,
    ownerId: fixture.ownerId,
    settings: { isTypingAllowed, expiresInMinutes: 60 },
  })

it('expired links to a console make room for new ones', async () => {
  await fixture.startWorker()
  const { machine } = await fixture.createMachine()
  const { id: working } = await shareConsole(machine.id)
  for (let n = 1; n < MAX_SHARES; n++) await shareConsole(machine.id)
  await expect(shareConsole(machine.id)).rejects.toMatchObject({ code: 'share.too_many' })
  await database.db.share.updateMany({
    where: { machineId: machine.id, NOT: { id: working } },
    data: { expiresAt: new Date(Date.now() - 1) },
  })
  const { id } = await shareConsole(machine.id)
  const left = await listMachineShares(database.db, { machineId: machine.id, ownerId: fixture.ownerId })
  expect(left.map((share) => share.id)).toEqual([id, working])
})

import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { createOwner, useDatabase } from '@/tests/support/database'
import { useMachineFixture } from '@/tests/support/machine-fixture'

const database = useDatabase()
const fixture = useMachineFixture(database)

const cpus = (count: number) => ({ cpus: count, memoryMiB: 256, diskMiB: 256 })

it('gives each of the requests that arrive together its own outcome', async () => {
  const { id: ownerId } = await createOwner(database.db)
  await database.db.user.update({
    where: { id: ownerId },
    data: { canUseInternet: false, machineQuotaCpus: 20 },
  })
  const key = randomUUID()
  const requests = [
    [{ name: 'first', size: cpus(12), userData: 'echo 1' }],
    // With those before, these are too many.
    [{ name: 'too-large', size: cpus(12) }],
    [{ name: 'forbidden', size: cpus(1), network: 'outbound' }],
    [{ name: 'once', size: cpus(2) }, key],
    [{ name: 'once', size: cpus(2) }, key],
    [{ name: 'last', size: cpus(6) }],
  ] as const
  const outcomes = await Promise.allSettled(
    requests.map(([request, idempotencyKey]) => fixture.createMachine(request, { ownerId, idempotencyKey })),
  )
  expect(
    outcomes.map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value.machine.name : (outcome.reason as { code: string }).code,
    ),
  ).toEqual(['first', 'machine.quota_exceeded', 'machine.internet_not_allowed', 'once', 'once', 'last'])
  const orders = await database.db.machineOrder.findMany({
    where: { ownerId },
    include: { machine: { include: { tasks: { orderBy: { id: 'asc' } }, events: true } } },
    orderBy: { machine: { name: 'asc' } },
  })
  expect(orders.map(({ machine, taskId }) => [machine.name, machine.tasks[0]!.id === taskId])).toEqual([
    ['first', true],
    ['last', true],
    ['once', true],
  ])
  expect(orders.map(({ machine }) => machine.events.map(({ action }) => action))).toEqual([
    ['ordered'],
    ['ordered'],
    ['ordered'],
  ])
  const [provision, script] = orders[0]!.machine.tasks
  expect(script).toMatchObject({ kind: 'machine.execute', parentId: provision!.id, jobId: null })
  const mails = await database.db.mail.findMany({ where: { ownerId }, orderBy: { createdAt: 'asc' } })
  expect(mails.map(({ eventKey }) => eventKey).toSorted()).toEqual(
    orders.map(({ machineId }) => `machine.ordered/${machineId}`).toSorted(),
  )
  const jobs = await database.db.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) FROM pgboss.job JOIN task ON task."jobId" = job.id
    WHERE task.id = ANY(${[...orders.map(({ taskId }) => taskId), ...mails.map(({ taskId }) => taskId)]}::uuid[])`
  expect(Number(jobs[0]!.count)).toBe(6)
})

it('writes the confirmation in the language of the user', async () => {
  const { id: ownerId } = await createOwner(database.db)
  await database.db.user.update({ where: { id: ownerId }, data: { locale: 'de' } })
  await fixture.createMachine({ name: 'eins', size: cpus(1) }, { ownerId })
  const { subject, data } = await database.db.mail.findFirstOrThrow({ where: { ownerId } })
  expect(subject).toMatch(/^Auftrag \d+: eins$/)
  expect((data as { facts: [string, string][] }).facts.map(([name]) => name)).toEqual([
    'Image',
    'Größe',
    'Netzwerk',
  ])
})

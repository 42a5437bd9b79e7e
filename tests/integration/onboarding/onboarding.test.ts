import { expect, it } from 'vitest'
import { dismissOnboarding } from '@/lib/onboarding/commands'
import { readOnboardingSteps, readOpenOnboarding } from '@/lib/onboarding/queries'
import { useDatabase } from '@/tests/support/database'

const database = useDatabase()

const reportWorker = (beat: { speechModels?: string[]; storageProblem?: string | null }) =>
  database.db.workerBeat.upsert({
    where: { id: 'worker' },
    create: { id: 'worker', seenAt: new Date(), queues: [], ...beat },
    update: beat,
  })
const readStep = async (id: string) =>
  (await readOnboardingSteps(database.db)).find((step) => step.id === id)!

it('ticks the storage once a worker can use it', async () => {
  expect(await readStep('storage')).toMatchObject({
    isDone: false,
    detail: expect.stringContaining('No worker'),
  })
  await reportWorker({ storageProblem: 'The bucket does not exist' })
  expect(await readStep('storage')).toMatchObject({ isDone: false, detail: 'The bucket does not exist' })
  await reportWorker({ storageProblem: null })
  expect((await readStep('storage')).detail).toContain('free on this computer')
})

it('ticks mail only if a mail server is configured', async () => {
  expect(await readStep('mail')).toMatchObject({ isDone: false, detail: expect.stringContaining('SMTP_URL') })
})

it('shows the steps to an administrator who has not dismissed them, and to no other user', async () => {
  const create = (id: string, role: string) =>
    database.db.user.create({ data: { id, name: id, email: `${id}@example.com`, role } })
  await create('ada', 'admin')
  await create('bob', 'member')
  expect(await readOpenOnboarding(database.db, 'ada')).toHaveLength(3)
  expect(await readOpenOnboarding(database.db, 'bob')).toBeNull()
  await dismissOnboarding(database.db, 'ada')
  expect(await readOpenOnboarding(database.db, 'ada')).toBeNull()
})

import { expect, it } from 'vitest'
import { recordPresence } from '@/lib/accounts/record-presence'
import { createOwner, useDatabase } from '@/tests/support/database'

const database = useDatabase()

/** Moves everything that is known of a user's visits into the past. */
const pass = (userId: string, seconds: number) => database.db.$executeRaw`
  UPDATE "user" SET "lastSeenAt" = "lastSeenAt" - make_interval(secs => ${seconds}),
    "visitStartedAt" = "visitStartedAt" - make_interval(secs => ${seconds}),
    "awaySince" = "awaySince" - make_interval(secs => ${seconds}) WHERE id = ${userId}`
const secondsSince = (at: string) => Math.round((Date.now() - Date.parse(at)) / 1000)

it('is one visit while pages report, and another one after a pause of two minutes', async () => {
  const { id } = await createOwner(database.db)
  const first = await recordPresence(database.db, id)
  expect(first.awaySince).toBeNull()

  await pass(id, 100)
  const longer = await recordPresence(database.db, id)
  expect(longer.awaySince).toBeNull()
  expect(Date.parse(longer.startedAt)).toBe(Date.parse(first.startedAt) - 100_000)

  await pass(id, 1_000)
  const second = await recordPresence(database.db, id)
  // The end of the first visit, not its beginning.
  expect(Math.abs(secondsSince(second.awaySince!) - 1_000)).toBeLessThan(60)
  expect(secondsSince(second.startedAt)).toBeLessThan(60)

  await pass(id, 60)
  const { startedAt, awaySince } = await recordPresence(database.db, id)
  expect(Date.parse(second.startedAt) - Date.parse(startedAt)).toBe(60_000)
  expect(Date.parse(second.awaySince!) - Date.parse(awaySince!)).toBe(60_000)
})

it('begins one visit when several pages report at once', async () => {
  const { id } = await createOwner(database.db)
  await pass(id, 1_000)
  const visits = await Promise.all(Array.from({ length: 5 }, () => recordPresence(database.db, id)))
  expect(new Set(visits.map(({ awaySince }) => awaySince)).size).toBe(1)
  expect(visits[0]!.awaySince).not.toBeNull()
  expect(new Set(visits.map(({ startedAt }) => startedAt)).size).toBe(1)
})

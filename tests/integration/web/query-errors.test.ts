import { expect, it, vi } from 'vitest'
import { toProblemResponse } from '@/app/http/problem-details'
import type { Tx } from '@/lib/database/db'
import { createOwner, useDatabase } from '@/tests/support/database'
import { readProblem } from '@/tests/support/read-problem'

const database = useDatabase()
const problemOf = async (query: Promise<unknown>) =>
  readProblem(
    await query.then(
      () => new Response('{}'),
      (error: unknown) => toProblemResponse(error),
    ),
  )
const conflict = { status: 409, code: 'request.conflict' }

it('answers a deletion of a row that another request has just deleted with a conflict', async () => {
  const { id } = await createOwner(database.db)
  const remove = () => database.db.user.delete({ where: { id } })
  const problems = await Promise.all([problemOf(remove()), problemOf(remove())])
  expect(problems).toContainEqual(expect.objectContaining(conflict))
})

it.each([
  ['a model', (tx: Tx, id: string) => tx.user.update({ where: { id }, data: { name: 'B' } })],
  ['raw SQL', (tx: Tx, id: string) => tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${id} FOR UPDATE`],
])('answers a deadlock of %s with a conflict', async (_, lock) => {
  const ids = [(await createOwner(database.db)).id, (await createOwner(database.db)).id]
  let locked = 0
  const run = (order: string[]) =>
    database.db.$transaction(async (tx) => {
      await lock(tx, order[0]!)
      locked++
      await vi.waitUntil(() => locked === 2, { timeout: 5_000 })
      await lock(tx, order[1]!)
    })
  const problems = await Promise.all([problemOf(run(ids)), problemOf(run(ids.toReversed()))])
  expect(problems).toContainEqual(expect.objectContaining(conflict))
})

it('answers null characters in a text and in JSON with an invalid request', async () => {
  const { id } = await createOwner(database.db)
  const invalid = { status: 400, code: 'request.invalid' }
  const rename = database.db.user.update({ where: { id }, data: { name: 'a\0' } })
  expect(await problemOf(rename)).toMatchObject(invalid)
  const json = database.db.$queryRaw`SELECT ${String.raw`{"a":"\u0000"}`}::jsonb ->> 'a'`
  expect(await problemOf(json)).toMatchObject(invalid)
})

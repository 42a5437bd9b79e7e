import { expect, it, onTestFinished } from 'vitest'
import { lockUser } from '@/lib/accounts/lock-user'
import { isDatabaseUnavailable, isQueryUnavailable } from '@/lib/database/database-unavailable'
import { openDb } from '@/lib/database/db'
import type { DirectTransaction } from '@/lib/database/direct-query'
import { runDirectTransaction } from '@/lib/database/direct-transaction'
import { prepared } from '@/lib/database/prepared-statements'
import { isConflict, isInvalidValue } from '@/lib/database/query-errors'
import { Prisma } from '@/lib/generated/prisma/client'
import { createOwner, useDatabase } from '@/tests/support/database'

const database = useDatabase()

/** A client with one connection, so that each transaction follows the previous one on it. */
function openSingle() {
  const db = openDb({ url: database.url, poolSize: 1 })
  onTestFinished(() => db.$disconnect())
  return db
}

const rename = (tx: DirectTransaction, id: string, name: string) =>
  tx.query(Prisma.sql`UPDATE "user" SET name = ${name} WHERE id = ${id}`)
const readName = async (tx: DirectTransaction, id: string) =>
  (await tx.query<{ name: string }>(Prisma.sql`SELECT name FROM "user" WHERE id = ${id}`))[0]!.name
const storedName = async (id: string) => (await database.db.user.findUniqueOrThrow({ where: { id } })).name

it('reads what was committed while it waited for a lock, though all statements were sent at once', async () => {
  const { id } = await createOwner(database.db)
  let waiting!: Promise<string>
  await runDirectTransaction(database.db, async (tx) => {
    await lockUser(tx, id)
    waiting = runDirectTransaction(database.db, async (other) => {
      const [, name] = await Promise.all([lockUser(other, id), readName(other, id)])
      return name
    })
    await expect
      .poll(
        () =>
          database.db
            .$queryRaw`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      )
      .toHaveLength(1)
    await rename(tx, id, 'Grace')
  })
  expect(await waiting).toBe('Grace')
})

it('writes nothing if one of the statements fails, and executes none of those after it', async () => {
  const db = openSingle()
  const { id, email } = await createOwner(db)
  const { id: otherId } = await createOwner(db)
  let late: Promise<unknown> | undefined
  const failed = runDirectTransaction(db, (tx) =>
    Promise.all([
      rename(tx, id, 'before'),
      tx
        .query(Prisma.sql`UPDATE "user" SET email = ${email} WHERE id = ${otherId}`)
        .finally(() => setTimeout(() => (late = rename(tx, id, 'late').catch(() => 'refused')), 50)),
      rename(tx, id, 'after'),
    ]),
  )
  await expect(failed).rejects.toSatisfy(isConflict)
  await expect.poll(() => late).toBeDefined()
  expect(await late).toBe('refused')
  expect(['before', 'after', 'late']).not.toContain(await storedName(id))
})

it('fails if the failure of a statement is ignored, because nothing was written', async () => {
  const db = openSingle()
  const { id } = await createOwner(db)
  const failed = runDirectTransaction(db, async (tx) => {
    await tx.query(Prisma.sql`SELECT ${'a\0'}::text`).catch(() => undefined)
    return rename(tx, id, 'written').catch(() => undefined)
  })
  await expect(failed).rejects.toThrow('rolled back')
  expect(await storedName(id)).not.toBe('written')
})

it('executes a prepared statement that was first sent after a failure', async () => {
  const db = openSingle()
  const { id } = await createOwner(db)
  const send = (tx: DirectTransaction) =>
    tx.query(Prisma.sql`${prepared} SELECT id FROM "user" WHERE id = ${id}`)
  const failed = runDirectTransaction(db, (tx) => Promise.all([tx.query(Prisma.sql`SELECT 1/0`), send(tx)]))
  await expect(failed).rejects.toThrow('division by zero')
  expect(await runDirectTransaction(db, send)).toEqual([{ id }])
})

it('fails, and nothing else, when its connection is lost, and the next one gets another', async () => {
  const db = openSingle()
  const { id } = await createOwner(db)
  const failed = runDirectTransaction(db, async (tx) => {
    const [backend] = await tx.query<{ pid: number }>(Prisma.sql`SELECT pg_backend_pid() AS pid`)
    await Promise.all([
      tx.query(Prisma.sql`SELECT pg_sleep(60)`),
      database.db.$queryRaw`SELECT pg_terminate_backend(${backend!.pid}::int)`,
    ])
  })
  await expect(failed).rejects.toSatisfy(isQueryUnavailable)
  expect(await runDirectTransaction(db, (tx) => readName(tx, id))).toBe('Test')
})

it('reports that the database is unavailable, also when it begins and when it commits', async () => {
  const away = openDb({ url: 'postgres://user@127.0.0.1:1/none' })
  onTestFinished(() => away.$disconnect())
  await expect(runDirectTransaction(away, async () => 1)).rejects.toSatisfy(isQueryUnavailable)
  const failed = runDirectTransaction(openSingle(), async (tx) => {
    const [backend] = await tx.query<{ pid: number }>(Prisma.sql`SELECT pg_backend_pid() AS pid`)
    await database.db.$queryRaw`SELECT pg_terminate_backend(${backend!.pid}::int)`
  })
  await expect(failed).rejects.toSatisfy(isQueryUnavailable)
})

it('reports a statement that was canceled as unavailability, unlike one of Prisma, which may be slow each time', async () => {
  const [limit, sleep] = [
    Prisma.sql`SET LOCAL statement_timeout = 50`,
    Prisma.sql`SELECT 1 FROM pg_sleep(60)`,
  ]
  const direct = runDirectTransaction(database.db, (tx) => Promise.all([tx.query(limit), tx.query(sleep)]))
  await expect(direct).rejects.toSatisfy(isQueryUnavailable)
  const withPrisma = database.db.$transaction([database.db.$executeRaw(limit), database.db.$queryRaw(sleep)])
  await expect(withPrisma).rejects.toSatisfy((error) => !isDatabaseUnavailable(error))
})

it('reports a value that Postgres cannot store', async () => {
  const failed = runDirectTransaction(database.db, (tx) => tx.query(Prisma.sql`SELECT ${'a\0'}::text`))
  await expect(failed).rejects.toSatisfy(isInvalidValue)
})

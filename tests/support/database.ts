import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, vi } from 'vitest'
import { type Db, openDb } from '@/lib/database/db'

/** Creates a copy of the migrated database for a test file, which fails if it leaves a connection open. */
export function useDatabase() {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const template = inject('templateUrl')
  const url = template.replace(/[^/]+$/, name)
  const database = { url, db: undefined as unknown as Db }
  const asAdministrator = async <T>(work: (client: pg.Client) => Promise<T>) => {
    const client = new pg.Client({ connectionString: template.replace(/[^/]+$/, 'postgres') })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }
  beforeAll(async () => {
    await asAdministrator((client) => client.query(`CREATE DATABASE ${name} TEMPLATE template_meanwhile`))
    database.db = openDb({ url })
  })
  afterAll(async () => {
    await database.db.$disconnect()
    await asAdministrator(async (client) => {
      const open = async () =>
        (await client.query('SELECT query FROM pg_stat_activity WHERE datname = $1', [name])).rows
      try {
        // The server may notice a closed connection with a delay.
        await vi.waitFor(async () => expect(await open(), 'connections left open').toEqual([]), 5_000)
      } finally {
        await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
      }
    })
  })
  return database
}

/** Creates a user. */
export function createOwner(db: Db) {
  const id = randomUUID()
  return db.user.create({ data: { id, name: 'Test', email: `${id}@example.com` } })
}

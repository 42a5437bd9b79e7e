import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, vi } from 'vitest'
import { type Db, openDb } from '@/lib/database/db'

/** A fresh copy of the migrated database for this test file. A connection left open fails the file. */
export function useDatabase() {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const template = inject('templateUrl')
  const url = template.replace(/[^/]+$/, name)
  const given = { url, db: undefined as unknown as Db }
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
    given.db = openDb({ url })
  })
  afterAll(async () => {
    await given.db.$disconnect()
    await asAdministrator(async (client) => {
      const open = async () =>
        (await client.query('SELECT query FROM pg_stat_activity WHERE datname = $1', [name])).rows
      try {
        // The server may take a moment to notice that one was closed.
        await vi.waitFor(async () => expect(await open(), 'connections left open').toEqual([]), 5_000)
      } finally {
        await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
      }
    })
  })
  return given
}

/** A person who owns things. */
export function createOwner(db: Db) {
  const id = randomUUID()
  return db.user.create({ data: { id, name: 'Test', email: `${id}@example.com` } })
}

import pg from 'pg'
import { readDatabaseUrl } from '@/scripts/database-url'
import type { App } from '@/tests/support/app'

/** Lets the last confirmation of the identity expire, as ten minutes do. */
export async function expireConfirmations(app: App) {
  const client = new pg.Client({ connectionString: readDatabaseUrl(app.dataDir) })
  await client.connect()
  await client.query(`UPDATE session SET "reauthenticatedAt" = now() - interval '11 minutes'`)
  await client.end()
}

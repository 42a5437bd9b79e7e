import type { Db } from '../database/db'
import { ownRelease, type Release } from './release'
import * as messages from '../generated/messages/process-problems'

/** The differences between the migrations of a release and those applied to the database. */
interface SchemaDifference {
  /** Of the release, not applied: the database is older than the code. */
  missing: string[]
  /** Applied, not of the release: the database is newer than the code. */
  unknown: string[]
}

export async function compareSchema(db: Db, { migrations }: Pick<Release, 'migrations'>) {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`
  const applied = rows.map(({ name }) => name)
  return {
    missing: migrations.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !migrations.includes(name)),
  } satisfies SchemaDifference
}

export const newerDatabaseReason = (unknown: readonly string[]) =>
  messages.databaseNewer({ value: unknown.at(-1) ?? '' })

export const olderDatabaseReason = (missing: readonly string[]) =>
  messages.databaseOlder({ value: missing.at(-1) ?? '' })

/** Why this process is older than the database; null if it is not. */
export async function findOutdatedReason(db: Db) {
  const { unknown } = await compareSchema(db, ownRelease)
  return unknown.length > 0 ? newerDatabaseReason(unknown) : null
}

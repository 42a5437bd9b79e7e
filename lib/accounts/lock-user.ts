import { querySql, type SqlExecutor } from '../database/direct-query'
import { Prisma, type User } from '../generated/prisma/client'

/**
 * Locks a user until `tx` ends, to serialize changes that depend on what the user owns. Rows that refer to the user can
 * still be written: a stronger lock would block all running tasks of the user. Returns the user; undefined if deleted.
 */
export async function lockUser(tx: SqlExecutor, ownerId: string): Promise<User | undefined> {
  const [user] = await querySql<User>(
    tx,
    Prisma.sql`SELECT * FROM "user" WHERE id = ${ownerId} FOR NO KEY UPDATE`,
  )
  return user
}

import type { Tx } from '../database/db'

/**
 * Locks a user until `tx` ends, to serialize changes that depend on what the user owns. Rows that refer to the user can
 * still be written: a stronger lock would block all running tasks of the user.
 */
export const lockUser = (tx: Tx, ownerId: string) =>
  tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${ownerId} FOR NO KEY UPDATE`

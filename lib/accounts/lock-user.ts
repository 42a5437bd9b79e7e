import type { Tx } from '../database/db'

/**
 * Locks a user until `tx` ends, to serialize changes that count what the user owns. Rows that refer to the user can still
 * be written: a stronger lock would block all of the user's running work.
 */
export const lockUser = (tx: Tx, ownerId: string) =>
  tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${ownerId} FOR NO KEY UPDATE`

import type { Tx } from '../database/db'

/**
 * Has what is counted or changed of one person wait for each other until `tx` ends. What refers to the person can be
 * written meanwhile: a stronger lock would wait for the rows of everything that is going on.
 */
export const lockUser = (tx: Tx, ownerId: string) =>
  tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${ownerId} FOR NO KEY UPDATE`

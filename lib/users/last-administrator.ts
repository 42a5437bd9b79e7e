import * as messages from '@/lib/generated/messages/user-errors'
import type { Tx } from '../database/db'
import { AppError } from '../errors'

/**
 * Locks all administrators until `tx` ends, so that two of them cannot remove each other. Call it before any other user is
 * locked.
 */
export const lockAdministrators = (tx: Tx) =>
  tx.$queryRaw<{ id: string; disabledAt: Date | null }[]>`
    SELECT id, "disabledAt" FROM "user" WHERE role = 'admin' ORDER BY id FOR NO KEY UPDATE`

/**
 * Checks that another administrator can still sign in, and locks all of them.
 * @throws {AppError} user.last_administrator
 */
export async function assertOtherAdministrator(tx: Tx, userId: string) {
  const administrators = await lockAdministrators(tx)
  if (administrators.some(({ id, disabledAt }) => id !== userId && disabledAt === null)) return
  throw new AppError({
    code: 'user.last_administrator',
    message: messages.lastAdministrator(),
    status: 409,
  })
}

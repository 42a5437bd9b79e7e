import type { Tx } from '../database/db'
import { AppError } from '../errors'

/**
 * Checks that another administrator can still sign in. Locks all administrators until `tx` ends, so that two of them
 * cannot remove each other.
 * @throws {AppError} user.last_administrator
 */
export async function assertOtherAdministrator(tx: Tx, userId: string) {
  const administrators = await tx.$queryRaw<{ id: string; disabledAt: Date | null }[]>`
    SELECT id, "disabledAt" FROM "user" WHERE role = 'admin' ORDER BY id FOR NO KEY UPDATE`
  if (administrators.some(({ id, disabledAt }) => id !== userId && disabledAt === null)) return
  throw new AppError({
    code: 'user.last_administrator',
    message: 'This is the last administrator. Promote another user first.',
    status: 409,
  })
}

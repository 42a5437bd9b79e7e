import { recordAudit } from '../audit/commands'
import type { Db } from '../database/db'
import { AppError } from '../errors'
import { assertOtherAdministrator } from './last-administrator'

/** Gives a user the role that single sign-on states. The last administrator keeps theirs. */
export async function synchronizeRole(db: Db, { userId, isAdmin }: { userId: string; isAdmin: boolean }) {
  const role = isAdmin ? 'admin' : 'member'
  await db
    .$transaction(async (tx) => {
      const user = await tx.user.findUniqueOrThrow({ where: { id: userId } })
      if (user.role === role) return
      if (!isAdmin) await assertOtherAdministrator(tx, userId)
      await tx.user.update({ where: { id: userId }, data: { role } })
      await recordAudit(tx, {
        action: isAdmin ? 'user.promoted' : 'user.demoted',
        subject: { type: 'user', id: userId },
        detail: { email: user.email, by: 'single sign-on' },
      })
    })
    .catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error
    })
}

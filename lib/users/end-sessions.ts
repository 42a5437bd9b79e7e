import type { Tx } from '../database/db'

/** Ends all sessions of a user, which signs out browsers within seconds. */
export async function endSessions(tx: Tx, userId: string) {
  await tx.session.deleteMany({ where: { userId } })
  await tx.consoleToken.deleteMany({ where: { userId } })
}

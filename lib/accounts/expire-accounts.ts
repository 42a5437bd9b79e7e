import { DAY_MS } from '../durations'
import { recordAudit } from '../audit/commands'
import { databaseTimeMs } from '../cluster/database-clock'
import { deleteInBatches } from '../database/delete-in-batches'
import type { Db } from '../database/db'
import { pruneAttempts } from './attempt-limit'

const VERIFICATION_DAYS = 7

interface Options {
  db: Db
  /** Whether accounts are unusable until their address is verified. */
  requiresVerification: boolean
}

/**
 * Deletes accounts that were not verified within seven days, so that an address is not occupied by another user, and
 * expired sessions, links, invitations and counters. Returns the number of deleted rows.
 */
export async function expireAccounts({ db, requiresVerification }: Options) {
  const createdBefore = new Date(databaseTimeMs() - VERIFICATION_DAYS * DAY_MS)
  const expired = { expiresAt: { lt: new Date(databaseTimeMs()) } }
  const users = requiresVerification
    ? await deleteInBatches((limit) => deleteUnverified(db, { createdBefore, limit }))
    : 0
  const sessions = await deleteInBatches((limit) => db.session.deleteMany({ where: expired, limit }))
  const links = await deleteInBatches((limit) => db.verification.deleteMany({ where: expired, limit }))
  const invitations = await deleteInBatches((limit) => db.invitation.deleteMany({ where: expired, limit }))
  return users + sessions + links + invitations + (await pruneAttempts(db))
}

/** Not those in use, as from before SMTP was set up: with a session, a key, or anything else that they made. */
const deleteUnverified = (db: Db, { createdBefore, limit }: { createdBefore: Date; limit: number }) =>
  db.$transaction(async (tx) => {
    const users = await tx.$queryRaw<{ id: string; email: string }[]>`
      SELECT id, email FROM "user" u WHERE NOT "emailVerified" AND "createdAt" < ${createdBefore}
        AND NOT EXISTS (SELECT FROM session WHERE "userId" = u.id)
        AND NOT EXISTS (SELECT FROM apikey WHERE "referenceId" = u.id)
        AND NOT EXISTS (SELECT FROM video WHERE "ownerId" = u.id)
        AND NOT EXISTS (SELECT FROM machine WHERE "ownerId" = u.id)
        AND NOT EXISTS (SELECT FROM webhook_endpoint WHERE "ownerId" = u.id)
      LIMIT ${limit} FOR UPDATE`
    for (const { id, email } of users)
      await recordAudit(tx, {
        action: 'account.deleted',
        subject: { type: 'user', id },
        detail: { email, reason: 'address not verified' },
      })
    return tx.user.deleteMany({ where: { id: { in: users.map(({ id }) => id) } } })
  })

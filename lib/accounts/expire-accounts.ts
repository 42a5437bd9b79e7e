import { deleteInBatches } from '../database/delete-in-batches'
import type { Db } from '../database/db'
import { pruneAttempts } from './attempt-limit'

const DAY_MS = 24 * 60 * 60 * 1000
const VERIFICATION_DAYS = 7

interface Options {
  db: Db
  /** Whether accounts are unusable until their address is verified. */
  requiresVerification: boolean
}

/**
 * Deletes accounts that were not verified within seven days, so that an address is not occupied by another user, and
 * expired sessions, links and counters. Returns the number of deleted rows.
 */
export async function expireAccounts({ db, requiresVerification }: Options) {
  const createdBefore = new Date(Date.now() - VERIFICATION_DAYS * DAY_MS)
  const expired = { expiresAt: { lt: new Date() } }
  const users = requiresVerification
    ? await deleteInBatches((limit) =>
        db.user.deleteMany({
          where: {
            emailVerified: false,
            createdAt: { lt: createdBefore },
            // An account from before SMTP was set up may be in use.
            videos: { none: {} },
            machines: { none: {} },
            sessions: { none: {} },
          },
          limit,
        }),
      )
    : 0
  const sessions = await deleteInBatches((limit) => db.session.deleteMany({ where: expired, limit }))
  const links = await deleteInBatches((limit) => db.verification.deleteMany({ where: expired, limit }))
  return users + sessions + links + (await pruneAttempts(db))
}

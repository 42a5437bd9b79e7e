import { databaseTimeMs } from '../cluster/database-clock'
import type { Db } from '../database/db'

/** Removes the first steps from the home page of an administrator. Idempotent. */
export const dismissOnboarding = (db: Db, userId: string) =>
  db.user.updateMany({
    where: { id: userId, onboardingDismissedAt: null },
    data: { onboardingDismissedAt: new Date(databaseTimeMs()) },
  })

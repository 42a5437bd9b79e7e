import { db } from '../database/db'
import { countInWindow } from '../rate-limits/count-in-window'

/** Counts requests of better-auth by address and path in the database, which all web processes share. */
export const rateLimitStorage = {
  // Unused by better-auth when `consume` exists.
  get: () => Promise.resolve(null),
  set: () => Promise.resolve(),
  consume: async (key: string, { window, max }: { window: number; max: number }) => {
    const seconds = await countInWindow(db(), { key: `rate/${key}`, windowSeconds: window, max })
    return { allowed: seconds === 0, retryAfter: seconds || null }
  },
}

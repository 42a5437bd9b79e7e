import { type Db, db } from '../database/db'

interface Rule {
  /** In seconds. */
  window: number
  max: number
}

/** Counts requests of better-auth by address and path in the database, which all web processes share. */
export const rateLimitStorage = {
  // Unused by better-auth when `consume` exists.
  get: () => Promise.resolve(null),
  set: () => Promise.resolve(),
  consume: (key: string, rule: Rule) => consumeRequest(db(), { key: `rate/${key}`, ...rule }),
}

async function consumeRequest(database: Db, { key, window, max }: Rule & { key: string }) {
  const [entry] = await database.$queryRaw<{ count: number; secondsLeft: number }[]>`
    INSERT INTO attempt_limit AS entry (key, count, "blockedUntil", "expiresAt")
    VALUES (${key}, 1, now(), now() + make_interval(secs => ${window}))
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN entry."expiresAt" <= now() THEN 1 ELSE entry.count + 1 END,
      "expiresAt" = CASE WHEN entry."expiresAt" <= now() THEN excluded."expiresAt" ELSE entry."expiresAt" END
    RETURNING count, extract(epoch FROM "expiresAt" - now())::float8 AS "secondsLeft"`
  const isAllowed = entry!.count <= max
  return { allowed: isAllowed, retryAfter: isAllowed ? null : Math.max(1, Math.ceil(entry!.secondsLeft)) }
}

import type { Db } from '../database/db'

interface Window {
  /** Unique across all limits: names what is counted, and of whom. */
  key: string
  windowSeconds: number
  max: number
}

/**
 * Counts one use in a fixed window, which starts with the first use, for all web processes together. Resolves to the
 * seconds until the next window if this use exceeds `max`, and to 0 if it is allowed.
 */
export async function countInWindow(db: Db, { key, windowSeconds, max }: Window) {
  const [entry] = await db.$queryRaw<{ count: number; secondsLeft: number }[]>`
    INSERT INTO attempt_limit AS entry (key, count, "blockedUntil", "expiresAt")
    VALUES (${key}, 1, now(), now() + make_interval(secs => ${windowSeconds}))
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN entry."expiresAt" <= now() THEN 1 ELSE entry.count + 1 END,
      "expiresAt" = CASE WHEN entry."expiresAt" <= now() THEN excluded."expiresAt" ELSE entry."expiresAt" END
    RETURNING count, extract(epoch FROM "expiresAt" - now())::float8 AS "secondsLeft"`
  return entry!.count <= max ? 0 : Math.max(1, Math.ceil(entry!.secondsLeft))
}

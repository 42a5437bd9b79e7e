import type { Db } from '../database/db'
import { AppError } from '../errors'

interface Limit {
  ownerId: string
  /** Name of the limited action. */
  action: string
  /** Average rate, and how many may follow each other without a pause. */
  perMinute: number
}

/**
 * Counts one use of a limited action, for all web processes together. The allowance refills steadily (generic cell rate
 * algorithm).
 * @throws {AppError} rate.limited, with `retryAfterSeconds`, which is also the Retry-After header
 */
export async function spendRateLimit(db: Db, { ownerId, action, perMinute }: Limit) {
  const spacingSeconds = 60 / perMinute
  const [use] = await db.$queryRaw<{ waitSeconds: number }[]>`
    INSERT INTO rate_limit AS used ("ownerId", action, "fullAt")
    VALUES (${ownerId}, ${action}, now() + make_interval(secs => ${spacingSeconds}::float8))
    ON CONFLICT ("ownerId", action) DO UPDATE
      SET "fullAt" = greatest(used."fullAt", now()) + make_interval(secs => ${spacingSeconds}::float8)
      WHERE used."fullAt" <= now() + make_interval(secs => ${60 - spacingSeconds}::float8)
    RETURNING 0 AS "waitSeconds"`
  if (use) return
  const row = await db.rateLimit.findUnique({ where: { ownerId_action: { ownerId, action } } })
  const waitMs = (row?.fullAt.getTime() ?? 0) - Date.now() - (60 - spacingSeconds) * 1_000
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000))
  throw new AppError({
    code: 'rate.limited',
    message: `You have done this ${perMinute} times in a minute. Try again in ${retryAfterSeconds} s.`,
    status: 429,
    details: { retryAfterSeconds },
  })
}

import { databaseTimeMs } from '../cluster/database-clock'
import * as messages from '@/lib/generated/messages/account-errors'
import { APIError } from '@better-auth/core/error'
import { deleteInBatches } from '../database/delete-in-batches'
import type { Db } from '../database/db'

interface AttemptLimit {
  key: string
  /** Attempts without a delay after them. */
  freeAttempts: number
  /** The delay starts at 1 s and doubles with each attempt, up to this. */
  maxDelayMs: number
}

/** After this time without an attempt, the count starts again. */
const FORGET_AFTER_SECONDS = 24 * 60 * 60

/**
 * Counts an attempt, before its outcome is known, so that concurrent attempts of all web processes are counted. Call
 * `clearAttempts` if it succeeds.
 * @throws {APIError} 429 with Retry-After during the delay after an earlier attempt, which is then not prolonged
 */
export async function takeAttempt(db: Db, { key, freeAttempts, maxDelayMs }: AttemptLimit) {
  const [taken] = await db.$queryRaw<object[]>`
    INSERT INTO attempt_limit AS entry (key, count, "blockedUntil", "expiresAt")
    VALUES (${key}, 1, now(), now() + make_interval(secs => ${FORGET_AFTER_SECONDS}))
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN entry."expiresAt" <= now() THEN 1 ELSE entry.count + 1 END,
      "blockedUntil" = CASE
        WHEN entry."expiresAt" <= now() OR entry.count < ${freeAttempts} THEN now()
        ELSE now() + make_interval(secs => least(
          ${maxDelayMs}::float8 / 1000, power(2, least(entry.count - ${freeAttempts}, 30)))) END,
      "expiresAt" = excluded."expiresAt"
    WHERE entry."blockedUntil" <= now() OR entry."expiresAt" <= now()
    RETURNING 1 AS taken`
  if (taken) return
  const entry = await db.attemptLimit.findUnique({ where: { key } })
  throw tooManyAttempts((entry?.blockedUntil.getTime() ?? databaseTimeMs()) - databaseTimeMs())
}

/** Takes back one attempt, which succeeded, and the delay after it. */
export const undoAttempt = (db: Db, key: string) =>
  db.$executeRaw`
    UPDATE attempt_limit SET count = greatest(0, count - 1), "blockedUntil" = now() WHERE key = ${key}`

/** Forgets the attempts of a key. */
export const clearAttempts = (db: Db, key: string) => db.attemptLimit.deleteMany({ where: { key } })

/** Removes counters that no longer limit anything. Returns their number. */
export const pruneAttempts = (db: Db) =>
  deleteInBatches(async (limit) => ({
    count: await db.$executeRaw`
      DELETE FROM attempt_limit WHERE key IN (
        SELECT key FROM attempt_limit WHERE "expiresAt" <= now() LIMIT ${limit})`,
  }))

function tooManyAttempts(delayMs: number) {
  const seconds = Math.max(1, Math.ceil(delayMs / 1000))
  return new APIError(
    'TOO_MANY_REQUESTS',
    {
      code: 'TOO_MANY_ATTEMPTS',
      message: messages.tooManyAttempts({ seconds }),
    },
    { 'Retry-After': String(seconds) },
  )
}

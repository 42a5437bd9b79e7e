import type { Db } from '../database/db'
import type { VisitDto } from '../realtime/schema'

/** Without a visible page for this long, a user is away. Pages report once a minute. */
const AWAY_AFTER = '2 minutes'

/**
 * Records that a user looks at a page. If the user was away, this begins a visit.
 * @returns the current visit
 */
export async function recordPresence(db: Db, userId: string): Promise<VisitDto> {
  const [visit] = await db.$queryRaw<[{ visitStartedAt: Date; awaySince: Date | null }]>`
    UPDATE "user" SET "lastSeenAt" = now,
      "awaySince" = CASE WHEN "isAway" THEN seen ELSE "awaySince" END,
      "visitStartedAt" = CASE WHEN "isAway" THEN now ELSE "visitStartedAt" END
    FROM (SELECT id AS "seenId", now() AT TIME ZONE 'UTC' AS now, "lastSeenAt" AS seen,
        "lastSeenAt" < now() AT TIME ZONE 'UTC' - ${AWAY_AFTER}::interval AS "isAway"
      FROM "user" WHERE id = ${userId} FOR UPDATE) AS before
    WHERE id = "seenId" RETURNING "visitStartedAt", "awaySince"`
  return {
    startedAt: visit.visitStartedAt.toISOString(),
    awaySince: visit.awaySince?.toISOString() ?? null,
  }
}

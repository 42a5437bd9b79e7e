import type { Db } from '../database/db'
import type { StoredMessage } from '../i18n/stored-message'
import type { TaskDetail } from './schema'

/** The weight of a report in the speed of the whole. */
const SMOOTHING = 0.25

/**
 * Updates a task in progress from the progress and speed of its parts. Progress never falls. The speed is a moving average
 * of their sum, which stays as it is while that of a part that has just started is unknown.
 */
export async function reportWhole(
  db: Db,
  wholeId: string,
  report: { stage?: string; stageSource?: StoredMessage; detail?: TaskDetail },
) {
  await db.$executeRaw`
    WITH whole AS (
      SELECT id, (detail->>'speed')::float AS speed FROM task
      WHERE id = ${wholeId}::uuid AND state = 'in_progress' FOR UPDATE
    ), parts AS (
      SELECT coalesce(sum(weight * (1 - progress)), 0) AS remaining,
        sum((detail->>'speed')::float) FILTER (WHERE state = 'in_progress') AS speed,
        bool_or(state = 'in_progress' AND weight > 0 AND detail->>'speed' IS NULL) AS "isOneStarting"
      FROM task WHERE "partOfId" = ${wholeId}::uuid AND state IN ('queued', 'in_progress')
    ), estimate AS (
      SELECT CASE WHEN "isOneStarting" THEN whole.speed WHEN whole.speed IS NULL THEN parts.speed
        ELSE whole.speed + ${SMOOTHING} * (parts.speed - whole.speed) END AS speed
      FROM whole, parts
    )
    UPDATE task SET progress = greatest(progress, least(0.99, 1 - parts.remaining / nullif(weight, 0))),
      stage = coalesce(${report.stage ?? null}, stage),
      "stageSource" = CASE WHEN ${report.stage ?? null}::text IS NULL THEN "stageSource"
        ELSE ${report.stageSource ? JSON.stringify(report.stageSource) : null}::jsonb END,
      detail = ${JSON.stringify(report.detail ?? {})}::jsonb
        || CASE WHEN estimate.speed > 0 THEN jsonb_build_object('speed', estimate.speed) ELSE '{}' END
    FROM parts, whole, estimate WHERE task.id = whole.id`
}

/** Removes the speed of tasks none of whose parts has run for three seconds. */
export async function clearStaleSpeeds(db: Db) {
  await db.$executeRaw`
    WITH stale AS (
      SELECT id FROM task whole
      WHERE state = 'in_progress' AND "jobId" IS NULL AND weight IS NOT NULL AND detail ? 'speed'
        AND NOT EXISTS (
          SELECT 1 FROM task part JOIN task_attempt a ON a."taskId" = part.id
          WHERE part."partOfId" = whole.id AND part.weight > 0
            AND (a."endedAt" IS NULL OR a."endedAt" > clock_timestamp()::timestamp - interval '3 s'))
      ORDER BY id FOR UPDATE
    )
    UPDATE task SET detail = detail - 'speed' FROM stale WHERE task.id = stale.id`
}

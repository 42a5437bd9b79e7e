import type { PgBoss } from 'pg-boss'
import { PROCESS_ID } from '@/lib/cluster/process-id'
import type { Tx } from '@/lib/database/db'
import { log } from '@/lib/log'
import { endOpenAttempts } from '@/lib/tasks/attempts'
import { requeueTask } from '@/lib/tasks/enqueue'
import { lockWhole } from '@/lib/tasks/parts'
import type { WorkerContext } from '../context'
import { ClaimLost, lockClaimedTask, updateClaimedTask } from './claim'

/** A part is slow if it runs this many times as long as others of its task, for their weights, usually did. */
const SLOW_FACTOR = 3
/** From here on, it counts as stuck at any progress. */
const STUCK_FACTOR = 6
const MIN_SECONDS = 30
/** If other workers are no faster, the part is slow and not its host. */
const MAX_HANDOVERS = 2

interface SlowPart {
  id: string
  partOfId: string
  claim: number
  attempts: number
  workerId: string
  seconds: number
  usualSeconds: number
}

/**
 * Requeues the part that another, much slower worker has run for longest, for an idle slot of this worker. What that run
 * has stored remains; its further writes are rejected, and it stops. Spends no attempt. Does nothing while tasks wait.
 */
export async function takeOverSlowPart({ db, boss }: Pick<WorkerContext, 'db' | 'boss'>, queue: string) {
  const part = await findSlowPart(db, queue)
  if (!part) return
  const { id: taskId, workerId, seconds, usualSeconds } = part
  try {
    await db.$transaction((tx) => requeuePart(tx, boss, part))
    log.info({ taskId, workerId, seconds, usualSeconds }, 'taking over a part from a slow worker')
  } catch (error) {
    // It has ended, or another worker was faster.
    if (!(error instanceof ClaimLost)) throw error
  }
}

async function requeuePart(tx: Tx, boss: PgBoss, { id: taskId, claim, attempts, partOfId }: SlowPart) {
  await lockWhole(tx, partOfId)
  await lockClaimedTask(tx, { taskId, claim })
  await endOpenAttempts(tx, [taskId], 'handed_over')
  await updateClaimedTask(tx, { taskId, claim }, { attempts: attempts - 1 })
  await requeueTask(tx, boss, { taskId })
}

/** Only parts that a run from the start would finish sooner, judging by their progress, or that seem stuck. */
async function findSlowPart(db: WorkerContext['db'], queue: string) {
  const [part] = await db.$queryRaw<SlowPart[]>`
    SELECT part.id, "partOfId", part.claim, part.attempts, running."workerId", seconds, "usualSeconds"
    FROM task part
    JOIN task_attempt running ON running."taskId" = part.id AND running.claim = part.claim AND running."endedAt" IS NULL
    CROSS JOIN LATERAL (SELECT extract(epoch FROM clock_timestamp()::timestamp - running."startedAt")::float AS seconds) age
    CROSS JOIN LATERAL (
      SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a."endedAt" - a."startedAt") / other.weight)
        * part.weight AS "usualSeconds"
      FROM task other JOIN task_attempt a ON a."taskId" = other.id AND a.outcome = 'done'
      WHERE other."partOfId" = part."partOfId" AND other.weight > 0
    ) usual
    WHERE part.queue = ${queue} AND part.state = 'in_progress' AND part."partOfId" IS NOT NULL AND part.weight > 0
      AND running."workerId" <> ${PROCESS_ID}
      AND seconds > ${MIN_SECONDS} AND seconds > ${SLOW_FACTOR} * "usualSeconds"
      AND (seconds * (1 - part.progress) > part.progress * "usualSeconds" OR seconds > ${STUCK_FACTOR} * "usualSeconds")
      AND ${MAX_HANDOVERS} > (SELECT count(*) FROM task_attempt WHERE "taskId" = part.id AND outcome = 'handed_over')
      AND NOT EXISTS (SELECT 1 FROM pgboss.job WHERE name = ${queue} AND state < 'active' AND start_after <= now())
    ORDER BY seconds DESC LIMIT 1`
  return part
}

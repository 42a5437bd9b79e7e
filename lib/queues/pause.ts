import { z } from 'zod'
import type { Db } from '../database/db'
import { sanitizeText } from '../text/sanitize'

export const queueNameSchema = z.object({ queue: z.string().overwrite(sanitizeText).min(1).max(200) })

/** Returns the names of the paused queues. Their running tasks finish; others wait. */
export async function readPausedQueues(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db.queueControl.findMany({
    where: { pausedAt: { not: null } },
    select: { queue: true },
  })
  return new Set(rows.map(({ queue }) => queue))
}

/** Pauses a queue until it is resumed, across restarts. Takes effect on all workers within a second. Idempotent. */
export async function pauseQueue(db: Db, { queue, by }: { queue: string; by: string }) {
  const pause = { pausedAt: new Date(), pausedBy: by }
  await db.queueControl.upsert({ where: { queue }, create: { queue, ...pause }, update: pause })
}

/** Resumes a queue. Idempotent. */
export async function resumeQueue(db: Db, { queue }: { queue: string }) {
  await db.queueControl.updateMany({ where: { queue }, data: { pausedAt: null, pausedBy: null } })
}

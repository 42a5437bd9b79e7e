import { z } from 'zod'
import type { Db } from '../database/db'
import { sanitizeText } from '../text/sanitize'

export const queueNameSchema = z.object({ queue: z.string().overwrite(sanitizeText).min(1).max(200) })

/** Queues that nothing is taken from. What is in hand goes on, and new work waits. */
export async function readPausedQueues(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db.queueControl.findMany({
    where: { pausedAt: { not: null } },
    select: { queue: true },
  })
  return new Set(rows.map(({ queue }) => queue))
}

/** Holds until it is resumed, whatever restarts meanwhile. All workers hear of it within a second. */
export async function pauseQueue(db: Db, { queue, by }: { queue: string; by: string }) {
  const pause = { pausedAt: new Date(), pausedBy: by }
  await db.queueControl.upsert({ where: { queue }, create: { queue, ...pause }, update: pause })
}

/** Resuming a queue that goes on changes nothing. */
export async function resumeQueue(db: Db, { queue }: { queue: string }) {
  await db.queueControl.updateMany({ where: { queue }, data: { pausedAt: null, pausedBy: null } })
}

import { z } from 'zod'
import { databaseTimeMs } from '../cluster/database-clock'
import { recordAudit } from '../audit/commands'
import type { Db } from '../database/db'
import { partKindNames } from '../tasks/registry'
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

/**
 * Pauses a queue, and with it those of the parts of its tasks, until it is resumed, across restarts. Takes effect on all
 * workers within a second. Idempotent.
 */
export async function pauseQueue(db: Db, { queue, by }: { queue: string; by: string }) {
  const pause = { pausedAt: new Date(databaseTimeMs()), pausedBy: by }
  await db.$transaction(async (tx) => {
    for (const name of withPartQueues(queue))
      await tx.queueControl.upsert({
        where: { queue: name },
        create: { queue: name, ...pause },
        update: pause,
      })
    await recordAudit(tx, { action: 'queue.paused', subject: { type: 'queue', id: queue } })
  })
}

/** Resumes a queue and those of the parts of its tasks. Idempotent. */
export async function resumeQueue(db: Db, { queue }: { queue: string }) {
  await db.$transaction(async (tx) => {
    await tx.queueControl.updateMany({
      where: { queue: { in: withPartQueues(queue) } },
      data: { pausedAt: null, pausedBy: null },
    })
    await recordAudit(tx, { action: 'queue.resumed', subject: { type: 'queue', id: queue } })
  })
}

const withPartQueues = (queue: string) => [queue, ...partKindNames(queue)]

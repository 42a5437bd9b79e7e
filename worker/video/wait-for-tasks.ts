import { databaseTimeMs } from '@/lib/cluster/database-clock'
import { RetryLater } from '@/lib/errors'
import type { Video } from '@/lib/generated/prisma/client'

/** The shortest and the longest pause until the other tasks are looked at again. */
const [MIN_PAUSE_MS, MAX_PAUSE_MS] = [2_000, 60_000]

/**
 * Postpones a task that gives the file of `next` to another video. Each postponement is recorded, so one that has waited for
 * long pauses for a twentieth of that. `stage` is shown until then.
 */
export function waitForTasks({ createdAt }: Pick<Video, 'createdAt'>, reason: string, stage?: string) {
  const pauseMs = (databaseTimeMs() - createdAt.getTime()) / 20
  return new RetryLater(Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, pauseMs)), reason, stage)
}

import type { Db } from '../database/db'

/** Notes that a browser of this person has the end of these tasks. Only the first time counts. */
export async function markTasksSeen(db: Db, { ownerId, ids }: { ownerId: string; ids: readonly string[] }) {
  await db.$executeRaw`
    UPDATE task SET "seenAt" = now() WHERE id = ANY(${ids}::uuid[]) AND "ownerId" = ${ownerId}
      AND "finishedAt" IS NOT NULL AND "seenAt" IS NULL`
}

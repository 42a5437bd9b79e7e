import type { Db } from '../database/db'

/** Records that a browser of the owner shows these tasks as ended. Does not change an earlier time. */
export async function markTasksSeen(db: Db, { ownerId, ids }: { ownerId: string; ids: readonly string[] }) {
  await db.$executeRaw`
    UPDATE task SET "seenAt" = now() WHERE id = ANY(${ids}::uuid[]) AND "ownerId" = ${ownerId}
      AND "finishedAt" IS NOT NULL AND "seenAt" IS NULL`
}

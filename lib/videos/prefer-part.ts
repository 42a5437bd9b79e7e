import { z } from 'zod'
import type { Db } from '../database/db'
import type { Prisma } from '../generated/prisma/client'
import { reorderParts } from '../tasks/parts'

const partSchema = z.object({ startSeconds: z.number(), endSeconds: z.number().nullable() })

/**
 * Lets the waiting part of the timeline that contains a position, because a viewer has reached it, be the next one of its
 * task, followed by those after it and then those before it. Nothing changes if it does not wait.
 */
export async function preferPartAt(
  db: Db,
  {
    seconds,
    ...where
  }: Pick<Prisma.TaskWhereInput, 'partOfId' | 'videoId'> & { kind: string; seconds: number },
) {
  const waiting = await db.task.findMany({
    where: { ...where, state: 'queued' },
    select: { id: true, partOfId: true, payload: true },
  })
  for (const parts of Map.groupBy(waiting, ({ partOfId }) => partOfId).values()) {
    const ranges = parts
      .map(({ id, payload }) => ({ id, ...partSchema.parse(payload) }))
      .toSorted((a, b) => a.startSeconds - b.startSeconds)
    const at = ranges.findIndex(
      ({ startSeconds, endSeconds }) => startSeconds <= seconds && seconds < (endSeconds ?? Infinity),
    )
    if (at === -1) continue
    await reorderParts(
      db,
      [...ranges.slice(at), ...ranges.slice(0, at)].map(({ id }) => id),
    )
  }
}

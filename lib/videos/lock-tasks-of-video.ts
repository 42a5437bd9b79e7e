import type { Tx } from '../database/db'

/** Locks all tasks of a video until `tx` ends, in the order in which workers complete tasks, so that none of them deadlock. */
export const lockTasksOfVideo = (tx: Tx, videoId: string) =>
  tx.$queryRaw`
    SELECT 1 FROM task WHERE "videoId" = ${videoId}::uuid ORDER BY "partOfId" IS NOT NULL, id FOR UPDATE`

import type { Db } from '@/lib/database/db'
import type { TaskDetail } from '@/lib/tasks/schema'

/** Returns state and progress of each rendition of a video, as its transcode reports them. */
export const describeRenditions = async (db: Db, videoId: string): Promise<TaskDetail> => ({
  renditions: await db.rendition.findMany({
    where: { videoId },
    orderBy: { position: 'asc' },
    select: { name: true, state: true, progress: true },
  }),
})

import type { Db } from '@/lib/database/db'
import type { TaskDetail } from '@/lib/tasks/schema'
import { type EncodingPayload, whereEncodedBy } from '@/lib/videos/encoded-by'

/** Returns state and progress of each rendition that a task creates, as it reports them. */
export const describeRenditions = async (db: Db, payload: EncodingPayload): Promise<TaskDetail> => ({
  renditions: await db.rendition.findMany({
    where: whereEncodedBy(payload),
    orderBy: { position: 'asc' },
    select: { name: true, state: true, progress: true },
  }),
})

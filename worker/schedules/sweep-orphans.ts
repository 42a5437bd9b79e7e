import { z } from 'zod'
import { uploadsDir } from '@/lib/uploads/upload-paths'
import { removeOrphanedUploads } from '@/lib/uploads/orphans'
import { removeOrphanedVideoFolders } from '@/lib/videos/orphans'
import type { ScheduleHandler } from './schedule-handler'

const memorySchema = z.object({ suspects: z.array(z.string()) }).catch({ suspects: [] })

/** Removes files without a row. A folder is removed when the run before has seen it without one already. */
export const sweepOrphans: ScheduleHandler = async (context, memory) => {
  const before = new Set(memorySchema.parse(memory).suspects)
  const suspects = await removeOrphanedVideoFolders({ ...context, suspects: before })
  await removeOrphanedUploads({ ...context, dir: uploadsDir(), idleMs: 60 * 60 * 1000 })
  return {
    summary: suspects.size === 0 ? 'Nothing to do' : `${suspects.size} folders to look at again`,
    memory: { suspects: [...suspects] },
  }
}

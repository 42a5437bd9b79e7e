import { z } from 'zod'
import { uploadsDir } from '@/lib/uploads/upload-paths'
import { removeOrphanedUploads } from '@/lib/uploads/orphans'
import { countStoredFiles } from '@/lib/videos/count-stored-files'
import { removeOrphanedVideoFolders } from '@/lib/videos/orphans'
import type { ScheduleHandler } from './schedule-handler'

const memorySchema = z.object({ suspects: z.array(z.string()) }).catch({ suspects: [] })

/**
 * Removes files that no row refers to; a folder only if the previous run found it too. Counts files whose size no row
 * has.
 */
export const sweepOrphans: ScheduleHandler = async (context, memory) => {
  const previous = new Set(memorySchema.parse(memory).suspects)
  const suspects = await removeOrphanedVideoFolders({ ...context, suspects: previous })
  await removeOrphanedUploads({ ...context, dir: uploadsDir(), idleMs: 60 * 60 * 1000 })
  await countStoredFiles(context)
  return {
    summary:
      suspects.size === 0
        ? 'Nothing to do'
        : `Found ${suspects.size} orphaned folders, to be deleted by the next run`,
    memory: { suspects: [...suspects] },
  }
}

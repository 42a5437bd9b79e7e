import { z } from 'zod'
import type { Db } from '@/lib/database/db'
import { sourceKey, WHOLE_FILE_FOLDERS } from '@/lib/storage/keys'
import { uploadsDir } from '@/lib/uploads/upload-paths'
import { removeOrphanedUploads } from '@/lib/uploads/orphans'
import { countStoredFiles } from '@/lib/videos/count-stored-files'
import { removeOrphanedVideoFolders } from '@/lib/videos/orphans'
import type { ScheduleHandler } from './schedule-handler'
import { describeScheduleResult } from '@/lib/schedules/describe-result'

const memorySchema = z.object({ suspects: z.array(z.string()) }).catch({ suspects: [] })

/** Longer than any write takes, except of uploads. */
const UNFINISHED_WRITE_MS = 24 * 60 * 60 * 1000

/**
 * Removes files that no row refers to; a folder only if the previous run found it too. Counts files whose size no row
 * has. Removes writes that a crash left unfinished.
 */
export const sweepOrphans: ScheduleHandler = async (context, memory) => {
  const previous = new Set(memorySchema.parse(memory).suspects)
  const suspects = await removeOrphanedVideoFolders({ ...context, suspects: previous })
  await removeOrphanedUploads({ ...context, dir: uploadsDir(), idleMs: 60 * 60 * 1000 })
  await countStoredFiles(context)
  const before = new Date(Date.now() - UNFINISHED_WRITE_MS)
  const isReceived = await listReceivedSources(context.db)
  for (const folder of WHOLE_FILE_FOLDERS) await context.storage.removeUnfinished(folder, before, isReceived)
  const done = { what: 'orphans', count: suspects.size } as const
  return { summary: describeScheduleResult(done), done, memory: { suspects: [...suspects] } }
}

/** Uploads may take longer than other writes; they expire by their rows. */
async function listReceivedSources(db: Db) {
  const uploads = await db.upload.findMany({
    where: { videoId: null, storageWriteId: { not: null } },
    select: { id: true, filename: true },
  })
  const keys = new Set(uploads.map(({ id, filename }) => sourceKey(id, filename)))
  return (key: string) => keys.has(key)
}

import type { PgBoss } from 'pg-boss'
import { databaseTimeMs } from '../cluster/database-clock'
import type { Db } from '../database/db'
import { AppError } from '../errors'
import type { Storage } from '../storage/storage'
import { deleteVideo } from './commands'

const BATCH_SIZE = 100

interface Deps {
  db: Db
  boss: PgBoss
  storage: Storage
}

/** Destroys the videos whose time in the trash has passed. A later run continues with what is left. Returns their number. */
export async function purgeVideos(deps: Deps) {
  let purged = 0
  for (;;) {
    const dueBy = new Date(databaseTimeMs())
    const due = await deps.db.video.findMany({
      where: { purgeAt: { lte: dueBy } },
      orderBy: { purgeAt: 'asc' },
      take: BATCH_SIZE,
      select: { id: true, ownerId: true },
    })
    if (due.length === 0) return purged
    for (const video of due) purged += await purge(deps, { ...video, dueBy })
  }
}

async function purge(deps: Deps, video: { id: string; ownerId: string; dueBy: Date }) {
  try {
    await deleteVideo({ ...deps, ...video })
    return 1
  } catch (error) {
    // Restored or deleted in between.
    if (error instanceof AppError) return 0
    throw error
  }
}

import { z } from 'zod'
import type { Db } from '../database/db'
import type { Storage } from '../storage/storage'
import { VIDEOS_FOLDER, videoKeys } from '../storage/keys'

/**
 * Removes folders of videos without a row, left behind by a crash before the row was committed, or by a worker that
 * wrote while the video was deleted. A folder is removed only if the previous sweep found it too (`suspects`). Returns
 * the suspects for the next sweep.
 */
export async function removeOrphanedVideoFolders({
  db,
  storage,
  suspects,
}: {
  db: Db
  storage: Storage
  suspects: ReadonlySet<string>
}) {
  const ids = (await storage.list(VIDEOS_FOLDER)).filter((name) => z.uuid().safeParse(name).success)
  // A complete upload is stored in the folder of its video before it is registered.
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT coalesce("filesId", id)::text AS id FROM video
      WHERE id = ANY(${ids}::uuid[]) AND "filesId" IS NULL OR "filesId" = ANY(${ids}::uuid[])
    UNION SELECT id FROM upload WHERE id = ANY(${ids}::text[]) AND "videoId" IS NULL`
  const existing = new Set(rows.map(({ id }) => id))
  const orphans = ids.filter((id) => !existing.has(id))
  for (const id of orphans) if (suspects.has(id)) await storage.removeAll(videoKeys(id).folder)
  return new Set(orphans.filter((id) => !suspects.has(id)))
}

import type { Db } from '../database/db'

/** The permanent ID of this installation: the same for all processes on one database. */
export async function readInstallationId(db: Db) {
  const { id } = await db.installation.findFirstOrThrow()
  return id
}

import { config } from '../config/config'
import type { Db, Tx } from '../database/db'
import { readLimits } from '../users/limits'

/** What one user may store and have open. */
export interface Quota {
  storageBytes: number
  openUploads: number
}

/** The quota of a user: the storage that an administrator has set, or the default of the configuration. */
export async function quotaOf(tx: Tx | Db, ownerId: string): Promise<Quota> {
  const { storageBytes } = await readLimits(tx, ownerId)
  return { storageBytes, openUploads: config().UPLOAD_MAX_OPEN }
}

import { config } from '../config/config'
import type { Db, Tx } from '../database/db'

/** What one user may store and have open. */
export interface Quota {
  storageBytes: number
  openUploads: number
}

/** The quota of a user: the one in the configuration, for every user. */
export async function quotaOf(_tx: Tx | Db, _ownerId: string): Promise<Quota> {
  const { STORAGE_QUOTA_BYTES, UPLOAD_MAX_OPEN } = config()
  return { storageBytes: STORAGE_QUOTA_BYTES, openUploads: UPLOAD_MAX_OPEN }
}

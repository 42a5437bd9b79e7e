import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import type { Db } from '../database/db'
import { describeStorageError } from './errors'
import { STORAGE_ID_KEY } from './keys'
import type { Storage } from './storage'
import * as messages from '../generated/messages/process-problems'

export interface StorageCheck {
  /** The same for all processes that use this storage; null if it cannot be read. */
  id: string | null
  /** Why the storage cannot be used; null if it can. */
  problem: string | null
}

const TIMEOUT_MS = 5_000

/**
 * Reads the marker that identifies `storage`, after creating it in a new one. Gives up on a remote storage that does not
 * respond within 5 s.
 */
export async function checkStorage(db: Db, storage: Storage): Promise<StorageCheck> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  try {
    if (!(await storage.stat(STORAGE_ID_KEY, { signal }))) await createMarker(db, storage, signal)
    const id = await text(await storage.read(STORAGE_ID_KEY, { signal }))
    // The marker is copied with all other files when the storage is moved.
    return { id: `${storage.name}:${id}`, problem: null }
  } catch (error) {
    return { id: null, problem: messages.storageBroken({ value: describeStorageError(error) }) }
  }
}

/** Processes that start at the same time create it one after another, so that all of them read the same one. */
const createMarker = (db: Db, storage: Storage, signal: AbortSignal) =>
  db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('meanwhile storage marker'))`
      if (await storage.stat(STORAGE_ID_KEY, { signal })) return
      await storage.put(STORAGE_ID_KEY, Buffer.from(randomUUID()), { signal })
    },
    { maxWait: TIMEOUT_MS, timeout: 2 * TIMEOUT_MS },
  )

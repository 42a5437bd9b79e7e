import type { Locker } from '@tus/server'
import { db } from '@/lib/database/db'
import { acquireUploadLock } from '@/lib/uploads/upload-lock'

const TIMEOUT_MS = 30_000

/**
 * Serializes the requests of an upload across all web processes. A request that waits ends one that still receives data,
 * which its client has given up, so that the upload continues where that one stopped.
 */
export const uploadLocker: Locker = {
  newLock(id) {
    let release = async () => {}
    return {
      async lock(signal, requestRelease) {
        const onReleaseRequested = () => void requestRelease()
        release = await acquireUploadLock(db(), id, { onReleaseRequested, signal, timeoutMs: TIMEOUT_MS })
      },
      unlock: () => release(),
    }
  },
}

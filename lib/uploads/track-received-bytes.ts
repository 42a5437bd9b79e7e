import { runEvery } from '../concurrency/run-every'
import type { Db } from '../database/db'
import { touch } from '../database/touch'
import { uploadExpiry } from './upload-expiry'

const WRITE_INTERVAL_MS = 2_000

/**
 * Records how much of an upload has arrived, so that reservations need not look at its file, and postpones its expiry.
 * `receivedBytes` returns the current size. Returns an async stop that records it a last time.
 */
export function trackReceivedBytes(db: Db, id: string, receivedBytes: () => number) {
  const record = async () => {
    await db.upload.updateMany({
      where: { id, videoId: null },
      data: { receivedBytes: receivedBytes(), expiresAt: uploadExpiry() },
    })
    await touch(db, 'video', { unfinishedUpload: { id } })
  }
  const stop = runEvery({
    work: record,
    pauseMs: WRITE_INTERVAL_MS,
    initialDelayMs: WRITE_INTERVAL_MS,
    failureMessage: 'could not record the received bytes of an upload',
  })
  return async () => {
    await stop()
    await record()
  }
}

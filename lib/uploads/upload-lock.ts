import { randomUUID } from 'node:crypto'
import * as messages from '@/lib/generated/messages/upload-errors'
import { runEvery } from '../concurrency/run-every'
import { waitUntil } from '../concurrency/wait-until'
import type { Db } from '../database/db'
import { AppError, notFound } from '../errors'

/** A holder that stops renewing the lock, because it died or stalled, loses it after this time. */
const LEASE_SECONDS = 15
const RENEW_INTERVAL_MS = 1_000
/** A holder that cannot reach the database stops before another one may take the lock. */
const GIVE_UP_MS = 8_000
const POLL_INTERVAL_MS = 100

interface Options {
  /** Called once if another request waits for the lock, or if it is lost. Default: others wait. */
  onReleaseRequested?: () => void
  /** Default: waits without limit. */
  timeoutMs?: number
  /** Aborting rejects a call that still waits with the signal's reason. */
  signal?: AbortSignal
}

/**
 * Waits for the lock of an upload, which excludes requests of all web processes, and asks its holder to release it.
 * Returns an async release.
 * @throws {AppError} upload.not_found, upload.locked
 */
export async function acquireUploadLock(
  db: Db,
  id: string,
  { onReleaseRequested, timeoutMs = Infinity, signal }: Options = {},
) {
  const lockId = randomUUID()
  const polling = { intervalMs: POLL_INTERVAL_MS, timeoutMs, signal }
  if (!(await waitUntil(() => tryAcquire(db, id, lockId), polling))) throw lockedError()
  const stopRenewing = renew(db, { id, lockId, onReleaseRequested })
  return async () => {
    await stopRenewing()
    await db.upload.updateMany({ where: { id, lockId }, data: { lockId: null } })
  }
}

/** Runs `work` with the lock of an upload. Others wait until it settles. @throws {AppError} upload.not_found */
export async function withUploadLock<T>(db: Db, id: string, work: () => Promise<T>) {
  const release = await acquireUploadLock(db, id)
  try {
    return await work()
  } finally {
    await release()
  }
}

/** Otherwise asks the holder to release it. */
async function tryAcquire(db: Db, id: string, lockId: string) {
  const acquired = await db.$executeRaw`
    UPDATE upload SET "lockId" = ${lockId}::uuid, "isReleaseRequested" = false,
      "lockedUntil" = now() + ${LEASE_SECONDS} * interval '1 second'
    WHERE id = ${id} AND ("lockId" IS NULL OR "lockedUntil" < now())`
  if (acquired > 0) return true
  const waiting = await db.upload.updateMany({ where: { id }, data: { isReleaseRequested: true } })
  if (waiting.count === 0) throw notFound('upload')
  return false
}

function renew(
  db: Db,
  { id, lockId, onReleaseRequested }: { id: string; lockId: string; onReleaseRequested?: () => void },
) {
  let renewedAt = performance.now()
  let isRequested = false
  const requestRelease = () => {
    if (!isRequested) onReleaseRequested?.()
    isRequested = true
  }
  return runEvery({
    initialDelayMs: RENEW_INTERVAL_MS,
    pauseMs: RENEW_INTERVAL_MS,
    failureMessage: 'could not renew the lock of an upload',
    async work() {
      if (performance.now() - renewedAt > GIVE_UP_MS) requestRelease()
      const [row] = await db.$queryRaw<{ isReleaseRequested: boolean }[]>`
        UPDATE upload SET "lockedUntil" = now() + ${LEASE_SECONDS} * interval '1 second'
        WHERE id = ${id} AND "lockId" = ${lockId}::uuid RETURNING "isReleaseRequested"`
      renewedAt = performance.now()
      if (!row || row.isReleaseRequested) requestRelease()
    },
  })
}

const lockedError = () =>
  new AppError({
    code: 'upload.locked',
    message: messages.locked(),
    status: 423,
  })

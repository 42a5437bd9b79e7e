import * as messages from '@/lib/generated/messages/upload-errors'
import { lockUser } from '../accounts/lock-user'
import type { Tx } from '../database/db'
import { AppError } from '../errors'
import { formatBytes } from '../text/format-bytes'
import { readStorageBreakdown } from './storage-breakdown'
import { readStorageUsage } from './storage-usage'

/**
 * Checks that a user's storage may grow by `growthBytes`. Locks the user until `tx` ends, so that concurrent requests
 * cannot exceed the quota together.
 * @throws {AppError} storage.quota_exceeded
 */
export async function checkStorageQuota(
  tx: Tx,
  { ownerId, growthBytes }: { ownerId: string; growthBytes: number },
) {
  await lockUser(tx, ownerId)
  const { usedBytes, limitBytes } = await readStorageUsage(tx, { ownerId })
  if (usedBytes + growthBytes <= limitBytes) return
  const trash = await describeTrash(tx, ownerId)
  throw new AppError({
    code: 'storage.quota_exceeded',
    message: [
      messages.storageExceeded({ used: formatBytes(usedBytes), limit: formatBytes(limitBytes) }),
      // Deletion alone moves them to the trash.
      trash || messages.emptyTrash(),
    ].join(' '),
    status: 413,
  })
}

/** What frees the storage of an exceeded quota; empty if the trash is. */
export async function describeTrash(tx: Tx, ownerId: string) {
  const { trashBytes } = await readStorageBreakdown(tx, { ownerId, limit: 1 })
  if (trashBytes === 0) return ''
  return messages.trashTakes({ size: formatBytes(trashBytes) })
}

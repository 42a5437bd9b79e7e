import { lockUser } from '../accounts/lock-user'
import type { Tx } from '../database/db'

interface File {
  /** Of the video. */
  id: string
  ownerId: string
  sha256: string
  /** The video whose file it replaces. */
  replacesId?: string
}

/**
 * The oldest video of the same owner with the same file; null if there is none, or only in the trash. Locks the user until
 * `tx` ends, so that of two videos that are registered at the same time, one is the duplicate of the other.
 */
export async function findDuplicate(tx: Tx, { id, ownerId, sha256, replacesId }: File) {
  await lockUser(tx, ownerId)
  const original = await tx.video.findFirst({
    where: {
      ownerId,
      sha256,
      deletedAt: null,
      replacesId: null,
      id: { notIn: [id, ...(replacesId ? [replacesId] : [])] },
    },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true },
  })
  return original?.id ?? null
}

/** Videos are no longer duplicates of one that is deleted. */
export const clearDuplicates = (tx: Tx, id: string) =>
  tx.video.updateMany({ where: { duplicateOfId: id }, data: { duplicateOfId: null } })

import type { Db } from '../database/db'
import { AppError } from '../errors'
import * as messages from '../generated/messages/machine-errors'

interface OrderKey {
  ownerId: string
  idempotencyKey?: string
  /** SHA-256 of the request. */
  requestHash: string
}

/**
 * Finds the order of an earlier request with the same key.
 * @throws {AppError} order.key_reused for a different request
 */
export async function findOrder(db: Db, { ownerId, idempotencyKey, requestHash }: OrderKey) {
  if (!idempotencyKey) return null
  const order = await db.machineOrder.findUnique({
    where: { ownerId_idempotencyKey: { ownerId, idempotencyKey } },
  })
  if (!order || order.requestHash === requestHash) return order
  throw new AppError({
    code: 'order.key_reused',
    message: messages.keyReused(),
    status: 422,
  })
}

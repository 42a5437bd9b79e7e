import * as messages from '@/lib/generated/messages/rate-limit-errors'
import type { Db } from '../database/db'
import { countInWindow } from './count-in-window'
import { rateLimited } from './rate-limited'

interface Limit {
  ownerId: string
  /** Name of the limited action. */
  action: string
  perMinute: number
}

/**
 * Counts one use of a limited action, for all web processes together.
 * @throws {AppError} rate.limited, with `retryAfterSeconds`, which is also the Retry-After header
 */
export async function spendRateLimit(db: Db, { ownerId, action, perMinute }: Limit) {
  const key = `user/${ownerId}/${action}`
  const retryAfterSeconds = await countInWindow(db, { key, windowSeconds: 60, max: perMinute })
  if (retryAfterSeconds === 0) return
  throw rateLimited(retryAfterSeconds, messages.tooOften({ count: perMinute, seconds: retryAfterSeconds }))
}

import type { LiveStore } from '@/app/live/store'
import { sendApiRequest } from '@/app/ui/api-request'
import { toast } from '@/app/ui/toast'
import type { BulkChange, BulkResult } from '@/lib/videos/bulk-schema'
import * as messages from '@/lib/generated/messages/video-bulk'
import { bulkRequest } from './bulk-request'

/** Changes that move videos between the list and the trash. */
const MOVES: BulkChange['action'][] = ['delete', 'restore', 'purge']

/**
 * Sends one change of many videos, and stores what they are then. Videos that leave the list disappear at once, and reappear
 * if that fails. Reports what failed. @returns undefined if the request failed as a whole
 */
export async function sendChange(store: LiveStore, change: BulkChange) {
  const isMove = MOVES.includes(change.action)
  if (isMove) store.hide(change.ids)
  let received: BulkResult | undefined
  await sendApiRequest<BulkResult>({ ...bulkRequest(change), keepalive: true }, (result) => {
    received = result
    store.upsert({ videos: result.videos })
  })
  // What is destroyed disappears from the store a moment later.
  if (isMove) store.show(received && change.action === 'purge' ? failedIds(received) : change.ids)
  if (received) reportFailures(received)
  return received
}

/** The ids of the videos that were changed. */
export const changedIds = ({ results }: BulkResult) =>
  results.filter(({ error }) => error === null).map(({ id }) => id)

const failedIds = ({ results }: BulkResult) => results.filter(({ error }) => error).map(({ id }) => id)

function reportFailures({ results }: BulkResult) {
  const errors = results.flatMap(({ error }) => error ?? [])
  if (errors.length === 0) return
  const reasons = [...new Set(errors.map(({ message }) => message))].join(' ')
  toast.error(
    results.length === 1
      ? reasons
      : messages.failedOf({ count: errors.length, total: results.length, reasons }),
  )
}

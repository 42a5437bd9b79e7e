import type { LiveStore } from '@/app/live/store'
import { formatDate } from '@/app/ui/format'
import { toast } from '@/app/ui/toast'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/video-bulk'
import { changedIds, sendChange } from './send-change'

/** How long the notice offers to undo. Later, "Recently deleted" does. */
const UNDO_MS = 10_000

/** Moves videos to the trash, and offers to undo that. */
export async function deleteVideos(store: LiveStore, videos: readonly VideoDto[]) {
  const result = await sendChange(store, { action: 'delete', ids: videos.map(({ id }) => id) })
  const deletedIds = result ? changedIds(result) : []
  if (!result || deletedIds.length === 0) return
  const purgeAt = result.videos.find(({ id }) => id === deletedIds[0])?.purgeAt
  const count = deletedIds.length
  toast(
    videos.length === 1 ? messages.deletedOne({ title: videos[0]!.title }) : messages.deleted({ count }),
    {
      description: purgeAt ? messages.recoverable({ date: formatDate(purgeAt, 'date') }) : undefined,
      duration: UNDO_MS,
      action: { label: messages.undo(), onClick: () => void restoreVideos(store, deletedIds) },
    },
  )
}

/** Takes videos out of the trash. Their tasks go on. */
export const restoreVideos = (store: LiveStore, ids: readonly string[]) =>
  sendChange(store, { action: 'restore', ids: [...ids] })

import { createVideoShareRequest } from '@/app/features/shares/share-requests'
import { taskAction } from '@/app/features/tasks/task-requests'
import type { CurlAction } from '@/app/ui/copy-curl-command'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import { bulkRequest } from './bulk/bulk-request'

/** What the buttons of a video send in its state. */
export function listVideoCurlActions(video: VideoDto, task: TaskDto | undefined): CurlAction[] {
  if (video.deletedAt !== null) return trashActions([video.id])
  const action = task && taskAction(task)
  return [
    { label: 'Create link', request: createVideoShareRequest(video.id) },
    ...(action ? [action] : []),
    { label: 'Delete', request: bulkRequest({ action: 'delete', ids: [video.id] }) },
  ]
}

interface Selection {
  ids: string[]
  failed: readonly VideoDto[]
  isTrash: boolean
}

/** What the buttons of selected videos send, but for those that need a choice first. */
export function listBulkCurlActions({ ids, failed, isTrash }: Selection): CurlAction[] {
  if (isTrash) return trashActions(ids)
  const failedIds = failed.map(({ id }) => id)
  return [
    ...(failed.length > 0
      ? [{ label: 'Retry', request: bulkRequest({ action: 'retry', ids: failedIds }) }]
      : []),
    { label: 'Share', request: bulkRequest({ action: 'share', ids }) },
    { label: 'Delete', request: bulkRequest({ action: 'delete', ids }) },
  ]
}

const trashActions = (ids: string[]) => [
  { label: 'Restore', request: bulkRequest({ action: 'restore', ids }) },
  { label: 'Delete now', request: bulkRequest({ action: 'purge', ids }) },
]

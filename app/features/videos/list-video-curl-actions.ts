import { createVideoShareRequest } from '@/app/features/shares/share-requests'
import { taskAction } from '@/app/features/tasks/task-requests'
import type { CurlAction } from '@/app/ui/copy-curl-command'
import type { TaskDto } from '@/lib/tasks/schema'
import type { VideoDto } from '@/lib/videos/schema'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/actions'
import * as videoMessages from '@/lib/generated/messages/videos'
import { bulkRequest } from './bulk/bulk-request'

/** What the buttons of a video send in its state. */
export function listVideoCurlActions(video: VideoDto, task: TaskDto | undefined): CurlAction[] {
  if (video.deletedAt !== null) return trashActions([video.id])
  const action = task && taskAction(task)
  return [
    { label: videoMessages.createLink(), request: createVideoShareRequest(video.id) },
    ...(action ? [action] : []),
    { label: commonMessages.delete(), request: bulkRequest({ action: 'delete', ids: [video.id] }) },
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
      ? [{ label: messages.retry(), request: bulkRequest({ action: 'retry', ids: failedIds }) }]
      : []),
    { label: messages.share(), request: bulkRequest({ action: 'share', ids }) },
    { label: commonMessages.delete(), request: bulkRequest({ action: 'delete', ids }) },
  ]
}

const trashActions = (ids: string[]) => [
  { label: messages.restore(), request: bulkRequest({ action: 'restore', ids }) },
  { label: messages.deleteNow(), request: bulkRequest({ action: 'purge', ids }) },
]

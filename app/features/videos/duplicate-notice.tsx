'use client'

import { useLiveStore } from '@/app/live/live-provider'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import { Link } from '@/app/ui/link'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/videos'
import { deleteVideos } from './bulk/delete-videos'

/** Reports that another video has the same file: the user opens it, deletes this one, or keeps both. */
export function DuplicateNotice({ video }: { video: VideoDto }) {
  const store = useLiveStore()
  const keepBoth = () =>
    sendApiRequest<VideoDto>(
      { url: `/api/v1/videos/${video.id}`, method: 'PATCH', body: { duplicateOfId: null } },
      (kept) => store.upsert({ videos: [kept] }),
    )
  return (
    <div
      role="group"
      aria-label={messages.duplicate({ title: video.title })}
      className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-sm"
    >
      <p>{messages.duplicateHint()}</p>
      <div className="flex flex-wrap gap-1.5">
        <Button asChild size="sm">
          <Link href={`/videos/${video.duplicateOfId}`}>{messages.openDuplicate()}</Link>
        </Button>
        <Button size="sm" onClick={() => void keepBoth()}>
          {messages.keepBoth()}
        </Button>
        <Button size="sm" variant="destructive" onClick={() => void deleteVideos(store, [video])}>
          {messages.deleteCopy()}
        </Button>
      </div>
    </div>
  )
}

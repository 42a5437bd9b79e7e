'use client'

import { useLiveStore } from '@/app/live/live-provider'
import { Button } from '@/app/ui/button'
import { DateTime } from '@/app/ui/date-time'
import { Link } from '@/app/ui/link'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/videos'
import { restoreVideos } from './bulk/delete-videos'

/** Shown instead of the page of a video in the trash. */
export function TrashedNotice({ video }: { video: VideoDto }) {
  const store = useLiveStore()
  return (
    <div className="flex flex-col items-center gap-4 py-20 text-center">
      <p className="text-muted-foreground">
        {messages.trashed({ title: video.title, date: () => <DateTime at={video.purgeAt!} /> })}
      </p>
      <div className="flex gap-2">
        <Button variant="default" onClick={() => void restoreVideos(store, [video.id])}>
          {messages.restore()}
        </Button>
        <Button asChild>
          <Link href="/videos">{messages.allVideos()}</Link>
        </Button>
      </div>
    </div>
  )
}

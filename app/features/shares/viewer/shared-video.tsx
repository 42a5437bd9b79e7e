import { useState } from 'react'
import { LazyPlayer } from '@/app/features/player/lazy-player'
import { createPlayhead } from '@/app/features/player/playhead'
import { ChapterList } from '@/app/features/videos/chapter-list'
import { formatTimestamp } from '@/app/ui/format'
import type { SharedVideoDto } from '@/lib/shares/schema'
import { NotPlayable } from './not-playable'
import { SharedDownloads } from './shared-downloads'
import { useCountView } from './use-count-view'

interface Props {
  token: string
  video: SharedVideoDto
  startSeconds: number
}

/** A shared video: player, title, downloads and chapters. */
export function SharedVideo({ token, video, startSeconds }: Props) {
  const [playhead] = useState(() => createPlayhead(startSeconds))
  useCountView({ token, grant: video.grant, playhead })
  return (
    <div className="flex flex-col gap-4">
      {video.isPlayable ? (
        <LazyPlayer
          video={video}
          captionFiles={video.captions}
          chapters={video.chapters}
          playhead={playhead}
        />
      ) : (
        <NotPlayable />
      )}
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h1 dir="auto" className="text-xl font-semibold break-words">
            {video.title}
          </h1>
          {video.durationSeconds !== null && (
            <p className="text-sm text-muted-foreground tabular-nums">
              {formatTimestamp(video.durationSeconds)}
            </p>
          )}
        </div>
        <SharedDownloads video={video} />
      </div>
      {video.chapters.length > 0 && <ChapterList chapters={video.chapters} playhead={playhead} />}
    </div>
  )
}

'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { LazyPlayer } from '@/app/features/player/lazy-player'
import { DeletedNotice } from '@/app/ui/deleted-notice'
import { EmptyMessage } from '@/app/ui/empty-message'
import { Link } from '@/app/ui/link'
import type { PlaylistDetailsDto } from '@/lib/playlists/schema'
import type { VideoDetailsDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/playlists'
import { PlaylistEntries } from './playlist-entries'
import { PlaylistHeader } from './playlist-header'
import { StepButtons } from './step-buttons'
import { useLivePlaylist } from './use-live-playlist'
import { useEntryPlayhead } from './use-entry-playhead'

interface Props {
  playlist: PlaylistDetailsDto
  /** The video that is shown; undefined in an empty playlist. */
  current?: VideoDetailsDto
}

/** Plays the videos of a playlist one after another, beside the list, which can be ordered. */
export function PlaylistPage({ playlist: opened, current: openedVideo }: Props) {
  const router = useRouter()
  const { playlist, current } = useLivePlaylist(opened, openedVideo)
  const videos = playlist?.videos ?? []
  const index = videos.findIndex(({ id }) => id === current?.id)
  /** Whether the next video plays at once: the viewer has chosen one, or the one before has ended. */
  const [isPlaying, setPlaying] = useState(false)
  const urlOf = (videoId: string) => `/playlists/${opened.id}?video=${videoId}`
  // Without it in the URL, another order would replace what is playing by what is then the first video.
  const currentUrl = current && urlOf(current.id)
  useEffect(() => {
    if (currentUrl) window.history.replaceState(null, '', currentUrl)
  }, [currentUrl])
  function open(videoId: string | undefined) {
    if (!videoId) return
    setPlaying(true)
    router.replace(urlOf(videoId), { scroll: false })
  }
  if (!playlist)
    return <DeletedNotice message={messages.wasDeleted()} href="/videos" linkText={messages.backToVideos()} />
  const [previousId, nextId] = [videos[index - 1]?.id, videos[index + 1]?.id]
  return (
    <div className="flex flex-col gap-4">
      <PlaylistHeader playlist={playlist} />
      {!current && <EmptyMessage>{messages.empty()}</EmptyMessage>}
      {current && (
        <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <section aria-label={messages.nowPlaying()} className="flex min-w-0 flex-col gap-3">
            {current.isPlayable ? (
              <EntryPlayer
                key={current.id}
                video={current}
                isPlaying={isPlaying}
                onEnd={() => open(nextId)}
              />
            ) : (
              <p
                role="status"
                className="rounded-xl border bg-card px-4 py-16 text-center text-muted-foreground"
              >
                {messages.notPlayable()}
              </p>
            )}
            <div className="flex items-center justify-between gap-3">
              <h2 dir="auto" className="min-w-0 truncate text-lg font-semibold">
                <Link href={`/videos/${current.id}`} className="hover:underline">
                  {current.title}
                </Link>
              </h2>
              <StepButtons previousId={previousId} nextId={nextId} onOpen={open} />
            </div>
          </section>
          <PlaylistEntries playlist={playlist} currentId={current.id} onOpen={open} />
        </div>
      )}
    </div>
  )
}

interface EntryPlayerProps {
  video: VideoDetailsDto
  isPlaying: boolean
  onEnd(): void
}

function EntryPlayer({ video, isPlaying, onEnd }: EntryPlayerProps) {
  const playhead = useEntryPlayhead({ isPlaying, onEnd })
  return <LazyPlayer video={video} captions={video.captions} chapters={video.chapters} playhead={playhead} />
}

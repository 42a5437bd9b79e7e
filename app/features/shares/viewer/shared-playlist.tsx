import { useEffect } from 'react'
import { EntryButton } from '@/app/features/playlists/entry-button'
import { StepButtons } from '@/app/features/playlists/step-buttons'
import { EmptyMessage } from '@/app/ui/empty-message'
import * as messages from '@/lib/generated/messages/playlists'
import type { SharedPlaylistDto } from '@/lib/shares/schema'
import { SharedDownloads } from './shared-downloads'
import { SharedPlaylistPlayer } from './shared-playlist-player'
import { useSharedPlaylist } from './use-shared-playlist'

interface Props {
  token: string
  playlist: SharedPlaylistDto
  startVideoId?: string
}

/** A shared playlist: its videos play one after another, beside the list. */
export function SharedPlaylist({ token, playlist, startVideoId }: Props) {
  const { index, currentId, video, previousId, nextId, isPlaying, open } = useSharedPlaylist({
    token,
    playlist,
    startVideoId,
  })
  useEffect(() => {
    if (currentId) window.history.replaceState(null, '', `?video=${currentId}`)
  }, [currentId])
  const { playlistName, videos } = playlist
  return (
    <div className="flex flex-col gap-4">
      <div>
        <h1 dir="auto" className="text-2xl font-semibold break-words">
          {playlistName}
        </h1>
        <p className="text-sm text-muted-foreground">{messages.summary({ count: videos.length })}</p>
      </div>
      {!currentId && <EmptyMessage>{messages.sharedEmpty()}</EmptyMessage>}
      {currentId && (
        <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <section aria-label={messages.nowPlaying()} className="flex min-w-0 flex-col gap-3">
            <SharedPlaylistPlayer
              key={currentId}
              token={token}
              video={video}
              isPlaying={isPlaying}
              onEnd={() => nextId && open(nextId)}
            />
            <div className="flex items-center justify-between gap-3">
              <h2 dir="auto" className="min-w-0 truncate text-lg font-semibold">
                {videos[index]!.title}
              </h2>
              <StepButtons previousId={previousId} nextId={nextId} onOpen={open} />
            </div>
            {video && <SharedDownloads video={video} />}
          </section>
          <section aria-label={messages.entries()} className="min-w-0">
            <ol className="divide-y overflow-hidden rounded-xl border bg-card">
              {videos.map(({ id, title, posterUrl, durationSeconds }) => (
                <li
                  key={id}
                  aria-current={id === currentId ? 'true' : undefined}
                  className="flex px-2 py-1.5 aria-[current]:bg-primary/10"
                >
                  <EntryButton
                    data-row={id}
                    title={title}
                    posterUrl={posterUrl}
                    durationSeconds={durationSeconds}
                    onClick={() => open(id)}
                  />
                </li>
              ))}
            </ol>
          </section>
        </div>
      )}
    </div>
  )
}

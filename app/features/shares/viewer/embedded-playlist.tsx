import { SkipBack, SkipForward } from 'lucide-react'
import * as messages from '@/lib/generated/messages/playlists'
import type { SharedPlaylistDto } from '@/lib/shares/schema'
import { EmbeddedTitle } from './embedded-title'
import { SharedPlaylistPlayer } from './shared-playlist-player'
import { useSharedPlaylist } from './use-shared-playlist'

/** A shared playlist in a frame of another site: one video after another, with a link to the page of the playlist. */
export function EmbeddedPlaylist({ token, playlist }: { token: string; playlist: SharedPlaylistDto }) {
  const { index, currentId, video, previousId, nextId, isPlaying, open } = useSharedPlaylist({
    token,
    playlist,
  })
  const { playlistName, videos } = playlist
  if (!currentId) return <p className="p-5">{messages.sharedEmpty()}</p>
  return (
    <SharedPlaylistPlayer
      key={currentId}
      token={token}
      video={video}
      isPlaying={isPlaying}
      onEnd={() => nextId && open(nextId)}
      fillsPage
      overlay={
        <EmbeddedTitle
          href={`/s/${token}?video=${currentId}`}
          title={`${playlistName}: ${videos[index]!.title}`}
        >
          <StepButton label={messages.previousVideo()} videoId={previousId} Icon={SkipBack} onOpen={open} />
          <span className="text-sm tabular-nums">
            {messages.place({ position: index + 1, count: videos.length })}
          </span>
          <StepButton label={messages.nextVideo()} videoId={nextId} Icon={SkipForward} onOpen={open} />
        </EmbeddedTitle>
      }
    />
  )
}

interface StepButtonProps {
  label: string
  videoId: string | undefined
  Icon: typeof SkipBack
  onOpen(videoId: string): void
}

const StepButton = ({ label, videoId, Icon, onOpen }: StepButtonProps) => (
  <button
    type="button"
    aria-label={label}
    disabled={!videoId}
    className="grid size-8 place-items-center rounded-md hover:bg-white/15 disabled:opacity-40"
    onClick={() => videoId && onOpen(videoId)}
  >
    <Icon className="size-4 rtl:-scale-x-100" aria-hidden />
  </button>
)

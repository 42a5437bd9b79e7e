import type { ReactNode } from 'react'
import { LazyPlayer } from '@/app/features/player/lazy-player'
import { useEntryPlayhead } from '@/app/features/playlists/use-entry-playhead'
import * as messages from '@/lib/generated/messages/playlists'
import type { SharedVideoDto } from '@/lib/shares/schema'
import { useCountView } from './use-count-view'

interface Props {
  token: string
  /** Undefined until it is loaded. */
  video: SharedVideoDto | undefined
  isPlaying: boolean
  onEnd(): void
  fillsPage?: boolean
  overlay?: ReactNode
}

/** The player of one video of a shared playlist. */
export function SharedPlaylistPlayer({ video, ...rest }: Props) {
  if (video?.isPlayable) return <LoadedPlayer video={video} {...rest} />
  return (
    <div className="grid aspect-video place-items-center rounded-xl bg-muted px-4 text-center">
      <p role="status">{video ? messages.sharedNotPlayable() : messages.loading()}</p>
    </div>
  )
}

function LoadedPlayer({
  token,
  video,
  isPlaying,
  onEnd,
  fillsPage,
  overlay,
}: Props & { video: SharedVideoDto }) {
  const playhead = useEntryPlayhead({ isPlaying, onEnd })
  useCountView({ token, grant: video.grant, playhead })
  return (
    <LazyPlayer
      video={video}
      captionFiles={video.captions}
      chapters={video.chapters}
      playhead={playhead}
      fillsPage={fillsPage}
      overlay={overlay}
    />
  )
}

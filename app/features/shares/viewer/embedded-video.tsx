import { useState } from 'react'
import { LazyPlayer } from '@/app/features/player/lazy-player'
import { createPlayhead } from '@/app/features/player/playhead'
import type { SharedVideoDto } from '@/lib/shares/schema'
import { EmbeddedTitle } from './embedded-title'
import { NotPlayable } from './not-playable'
import { useCountView } from './use-count-view'

interface Props {
  token: string
  video: SharedVideoDto
  startSeconds: number
}

/** A shared video in a frame of another site, with a link to its page. */
export function EmbeddedVideo({ token, video, startSeconds }: Props) {
  const [playhead] = useState(() => createPlayhead(startSeconds))
  useCountView({ token, grant: video.grant, playhead })
  if (!video.isPlayable) return <NotPlayable />
  return (
    <LazyPlayer
      video={video}
      captionFiles={video.captions}
      chapters={video.chapters}
      playhead={playhead}
      fillsPage
      overlay={<EmbeddedTitle href={`/s/${token}`} title={video.title} />}
    />
  )
}

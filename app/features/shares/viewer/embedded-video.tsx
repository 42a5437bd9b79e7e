'use client'

import { useState } from 'react'
import { LazyPlayer } from '@/app/features/player/lazy-player'
import { createPlayhead } from '@/app/features/player/playhead'
import type { SharedVideoDto } from '@/lib/shares/schema'
import { NotPlayable } from './not-playable'
import { PasswordForm } from './password-form'
import type { SharedPageProps } from './shared-page'
import { useCountView } from './use-count-view'

interface Props extends SharedPageProps {
  opened: SharedVideoDto | 'locked'
}

/** A shared video in a frame of another site: the player alone, with a link to its page. */
export function EmbeddedVideo({ token, opened, startSeconds }: Props) {
  const [unlocked, setUnlocked] = useState<SharedVideoDto>()
  const video = opened === 'locked' ? unlocked : opened
  return (
    <main className="min-h-dvh">
      {video ? (
        <EmbeddedPlayer token={token} video={video} startSeconds={startSeconds} />
      ) : (
        <div className="flex min-h-dvh px-5">
          <PasswordForm token={token} onOpen={(link) => 'machineName' in link || setUnlocked(link)} />
        </div>
      )}
    </main>
  )
}

interface EmbeddedPlayerProps {
  token: string
  video: SharedVideoDto
  startSeconds: number
}

function EmbeddedPlayer({ token, video, startSeconds }: EmbeddedPlayerProps) {
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
      overlay={
        <h1 className="truncate bg-linear-to-b from-black/75 to-transparent px-4 pt-3 pb-6 font-medium text-white">
          <a href={`/s/${token}`} target="_blank" className="hover:underline">
            {video.title}
          </a>
        </h1>
      }
    />
  )
}

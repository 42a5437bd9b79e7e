import { useRef } from 'react'
import { cn } from '@/app/ui/cn'
import * as messages from '@/lib/generated/messages/player'
import { getAspectRatio } from './aspect-ratio'
import type { PlayerProps } from './player'
import { StartMark } from './start-mark'
import { type LoadedPlayer, usePlayerLoading } from './use-player-loading'

interface Props extends PlayerProps {
  onLoad(loaded: LoadedPlayer): void
}

/** The poster in the place of the player, as a button that plays once the player is loaded. */
export function PendingPlayer({ video, playhead, fillsPage = false, overlay, onLoad }: Props) {
  const button = useRef<HTMLButtonElement>(null)
  const { hasFailed, isWanted, load } = usePlayerLoading({ playhead, button, onLoad })
  function play() {
    playhead.play()
    load()
  }
  return (
    <div
      className={cn(
        'relative bg-black text-white',
        fillsPage ? 'h-dvh' : 'max-h-[78vh] overflow-hidden rounded-xl',
      )}
      style={{ aspectRatio: fillsPage ? undefined : getAspectRatio(video) }}
    >
      {video.urls.poster && (
        <img src={video.urls.poster} alt="" fetchPriority="high" className="size-full object-contain" />
      )}
      {/* Safari focuses a clicked button only with a tab index. */}
      <button
        ref={button}
        type="button"
        tabIndex={0}
        aria-label={messages.play()}
        aria-busy={isWanted && !hasFailed}
        onClick={play}
        className="group absolute inset-0 grid place-items-center rounded-[inherit] -outline-offset-2"
      >
        <StartMark isLoading={isWanted && !hasFailed} />
      </button>
      {overlay && <div className="absolute inset-x-0 top-0">{overlay}</div>}
      {hasFailed && isWanted && (
        <p
          role="alert"
          className="absolute inset-x-0 bottom-0 bg-black/75 px-4 py-3 text-center text-sm text-balance"
        >
          {messages.loadFailed()}
        </p>
      )}
    </div>
  )
}

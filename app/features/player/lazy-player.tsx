import { type ComponentType, useEffect, useState } from 'react'
import { getAspectRatio } from './aspect-ratio'
import { loadPlayer } from './load-player'
import type { PlayerProps } from './player'

/** The player, which is loaded once the page has been shown. Until then, its place has the poster. */
export function LazyPlayer(props: PlayerProps) {
  const [Player, setPlayer] = useState<ComponentType<PlayerProps>>()
  useEffect(() => {
    // Rendered at once: media-chrome has to follow the media before the browser reports the tracks in it.
    void loadPlayer().then((loaded) => setPlayer(() => loaded))
  }, [])
  if (Player) return <Player {...props} />
  const { video, fillsPage } = props
  return (
    <div
      className={fillsPage ? 'h-dvh bg-black' : 'max-h-[78vh] overflow-hidden rounded-xl bg-black'}
      style={{ aspectRatio: fillsPage ? undefined : getAspectRatio(video) }}
    >
      {video.urls.poster && (
        <img src={video.urls.poster} alt="" fetchPriority="high" className="size-full object-contain" />
      )}
    </div>
  )
}

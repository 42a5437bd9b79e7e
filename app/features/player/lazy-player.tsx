import { useState } from 'react'
import { PendingPlayer } from './pending-player'
import type { PlayerProps } from './player'
import type { LoadedPlayer } from './use-player-loading'

/** The player, which is loaded when the user is there. Until then, its place has the poster as a button that plays. */
export function LazyPlayer(props: PlayerProps) {
  const [loaded, setLoaded] = useState<LoadedPlayer>()
  if (!loaded) return <PendingPlayer {...props} onLoad={setLoaded} />
  return <loaded.Player {...props} takesFocus={loaded.takesFocus} />
}

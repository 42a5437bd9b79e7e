import { useEffect, useState } from 'react'
import { createPlayhead } from '@/app/features/player/playhead'

/** The playhead of a video of a playlist, which calls `onEnd` at its end. `isPlaying`: whether it plays at once. */
export function useEntryPlayhead({ isPlaying, onEnd }: { isPlaying: boolean; onEnd(): void }) {
  const [playhead] = useState(() => createPlayhead(0, isPlaying))
  useEffect(() => playhead.onEnd(onEnd), [playhead, onEnd])
  return playhead
}

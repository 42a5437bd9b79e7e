import { useEffect, useRef } from 'react'
import type { Playhead } from '@/app/features/player/playhead'

/** Counts a view when playback starts. The server counts one per grant, and stores nothing of the viewer. */
export function useCountView({
  token,
  grant,
  playhead,
}: {
  token: string
  grant: string
  playhead: Playhead
}) {
  const isCounted = useRef(false)
  useEffect(() => {
    const unsubscribe = playhead.subscribe(() => {
      if (isCounted.current || !playhead.read().isPlaying) return
      isCounted.current = true
      void fetch(`/api/v1/shared/${token}/views`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ grant }),
        keepalive: true,
      }).catch(() => null)
    })
    return unsubscribe
  }, [token, grant, playhead])
}

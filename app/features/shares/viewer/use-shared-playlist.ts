import { useCallback, useEffect, useState } from 'react'
import type { SharedPlaylistDto, SharedVideoDto } from '@/lib/shares/schema'

interface Options {
  token: string
  playlist: SharedPlaylistDto
  /** Default: the first video. */
  startVideoId?: string
}

/** Until a part of it is transcoded. */
const RETRY_MS = 10_000

/** The video of a shared playlist that is shown, and its neighbours. */
export function useSharedPlaylist({ token, playlist: { videos, grant }, startVideoId }: Options) {
  const [chosenId, setChosenId] = useState(startVideoId)
  const [attempt, setAttempt] = useState(0)
  /** Whether the next video plays at once: the viewer has chosen one, or the one before has ended. */
  const [isPlaying, setPlaying] = useState(false)
  const [loaded, setLoaded] = useState<{ id: string; video: SharedVideoDto }>()
  const [lastIndex, setLastIndex] = useState(0)
  const chosenIndex = videos.findIndex(({ id }) => id === chosenId)
  // The place of a video that was removed while it was shown is that of the next one.
  const index = chosenIndex === -1 ? Math.min(lastIndex, videos.length - 1) : chosenIndex
  const currentId = videos[index]?.id
  if (currentId !== chosenId) setChosenId(currentId)
  if (index !== -1 && index !== lastIndex) setLastIndex(index)
  const isWaiting = currentId !== undefined && !(loaded?.id === currentId && loaded.video.isPlayable)
  useEffect(() => {
    if (!currentId) return
    const aborter = new AbortController()
    void fetchVideo({ token, videoId: currentId, grant, signal: aborter.signal }).then(
      (video) => video && setLoaded({ id: currentId, video }),
    )
    return () => aborter.abort()
  }, [token, grant, currentId, attempt])
  useEffect(() => {
    if (!isWaiting) return
    const timer = setInterval(() => document.hidden || setAttempt((before) => before + 1), RETRY_MS)
    return () => clearInterval(timer)
  }, [isWaiting])
  const open = useCallback((id: string) => {
    setPlaying(true)
    setChosenId(id)
  }, [])
  return {
    index,
    currentId,
    /** Undefined until it is loaded. */
    video: loaded?.id === currentId ? loaded?.video : undefined,
    previousId: videos[index - 1]?.id,
    nextId: videos[index + 1]?.id,
    isPlaying,
    open,
  }
}

/** @returns null if the request failed, or if the playlist has it no longer, which its list will show */
async function fetchVideo({
  token,
  videoId,
  grant,
  signal,
}: {
  token: string
  videoId: string
  grant: string
  signal: AbortSignal
}) {
  const response = await fetch(`/api/v1/shared/${token}/videos/${videoId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant }),
    signal,
  }).catch(() => null)
  return response?.ok ? ((await response.json()) as SharedVideoDto) : null
}

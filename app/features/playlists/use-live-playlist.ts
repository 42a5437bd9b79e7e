import { useRouter } from 'next/navigation'
import { useEffect, useMemo } from 'react'
import { useLive } from '@/app/live/live-provider'
import type { PlaylistDetailsDto } from '@/lib/playlists/schema'
import type { VideoDetailsDto } from '@/lib/videos/schema'

/** A playlist and the video that is shown, with changes made elsewhere. No playlist if it was deleted. */
export function useLivePlaylist(opened: PlaylistDetailsDto, openedVideo: VideoDetailsDto | undefined) {
  const router = useRouter()
  const seed = useMemo(() => ({ playlists: [opened], videos: opened.videos }), [opened])
  const { playlists, videos } = useLive(seed)
  const row = playlists.find(({ id }) => id === opened.id)
  // Videos that were added have to be fetched, and one that was removed is no longer shown.
  const version = row?.version ?? opened.version
  useEffect(() => {
    if (version > opened.version) router.refresh()
  }, [version, opened.version, router])
  const byId = new Map(videos.map((video) => [video.id, video]))
  const live = openedVideo && byId.get(openedVideo.id)
  return {
    playlist: row && { ...row, videos: row.videoIds.flatMap((id) => byId.get(id) ?? []) },
    current: openedVideo && live ? { ...openedVideo, ...live } : openedVideo,
  }
}

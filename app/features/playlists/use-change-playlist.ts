import { useRouter } from 'next/navigation'
import { useLiveStore } from '@/app/live/live-provider'
import { type ApiRequest, sendApiRequest } from '@/app/ui/api-request'
import type { PlaylistDto } from '@/lib/playlists/schema'

/** Sends a change of a playlist, and shows what the playlist is then. Resolves to whether it succeeded. */
export function useChangePlaylist() {
  const store = useLiveStore()
  const router = useRouter()
  return async (request: ApiRequest) => {
    const isChanged = await sendApiRequest<PlaylistDto>(request, (playlist) =>
      store.upsert({ playlists: [playlist] }),
    )
    // Another change may have been first.
    if (!isChanged) router.refresh()
    return isChanged
  }
}

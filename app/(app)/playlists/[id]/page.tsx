import { cache } from 'react'
import { findOr404 } from '@/app/http/middleware/find-or-404'
import { requireUser } from '@/app/http/middleware/require-user'
import { PlaylistPage } from '@/app/features/playlists/playlist-page'
import type { IdPageProps, SearchPageProps } from '@/app/page-props'
import { db } from '@/lib/database/db'
import { getPlaylist } from '@/lib/playlists/queries'
import { getVideo } from '@/lib/videos/queries'

const loadPlaylist = cache(async (id: string) => {
  const { id: ownerId } = await requireUser()
  return { ownerId, playlist: await findOr404(id, () => getPlaylist(db(), { id, ownerId })) }
})

export async function generateMetadata({ params }: IdPageProps) {
  const { playlist } = await loadPlaylist((await params).id)
  return { title: playlist.name }
}

export default async function WatchPlaylistPage({ params, searchParams }: IdPageProps & SearchPageProps) {
  await requireUser()
  const { ownerId, playlist } = await loadPlaylist((await params).id)
  const { video: requested } = await searchParams
  const entry = playlist.videos.find(({ id }) => id === requested) ?? playlist.videos[0]
  const current = entry && (await getVideo(db(), { id: entry.id, ownerId }))
  return <PlaylistPage playlist={playlist} current={current} />
}

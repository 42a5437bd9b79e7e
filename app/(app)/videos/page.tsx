import { requireUser } from '@/app/http/middleware/require-user'
import { searchCaptions } from '@/lib/captions/search'
import { db } from '@/lib/database/db'
import { listFolders } from '@/lib/folders/queries'
import { listPlaylists } from '@/lib/playlists/queries'
import { listTags } from '@/lib/videos/tags'
import { readStorageUsage } from '@/lib/uploads/storage-usage'
import { hasTrash, listVideos } from '@/lib/videos/queries'
import { videoListSchema } from '@/lib/videos/schema'
import { Library } from '@/app/features/videos/library'
import { LibraryControls } from '@/app/features/videos/library-controls'
import { LibraryChips } from '@/app/features/videos/library-chips'
import { isFiltered, libraryParams } from '@/app/features/videos/library-url'
import { StorageUsage } from '@/app/features/videos/storage-usage'
import { TranscriptHits } from '@/app/features/videos/transcript-hits'
import type { SearchPageProps } from '@/app/page-props'
import * as messages from '@/lib/generated/messages/videos'

const MAX_TRANSCRIPT_HITS = 50

export const generateMetadata = () => ({ title: messages.videos() })

export default async function VideosPage({ searchParams }: SearchPageProps) {
  const { id } = await requireUser()
  const query = videoListSchema.catch({}).parse(await searchParams)
  const { search = '', sort = 'newest', tags = [], folder, state, deleted: isTrash = false } = query
  const filter = { search, sort, tags, folder, state, isTrash }
  const [first, folders, playlists, tagCounts, isTrashFilled, usage, hits] = await Promise.all([
    listVideos(db(), { ownerId: id, search, sort, tags, folder, state, deleted: isTrash }),
    listFolders(db(), id),
    listPlaylists(db(), id),
    listTags(db(), id),
    hasTrash(db(), id),
    readStorageUsage(db(), { ownerId: id }),
    search && !isTrash ? searchCaptions(db(), { ownerId: id, q: search, limit: MAX_TRANSCRIPT_HITS }) : [],
  ])
  const isUsed =
    first.videos.length > 0 || folders.length > 0 || isTrashFilled || isFiltered(filter) || isTrash
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-2xl font-semibold">{messages.videos()}</h1>
      {isUsed && (
        <>
          <LibraryControls filter={filter} />
          <LibraryChips
            filter={filter}
            hasTrash={isTrashFilled}
            folders={folders}
            playlists={playlists}
            tags={tagCounts}
          />
        </>
      )}
      <StorageUsage {...usage} />
      <Library key={libraryParams(filter)} filter={filter} first={first} />
      {hits.length > 0 && (
        <TranscriptHits hits={hits} query={search} isComplete={hits.length < MAX_TRANSCRIPT_HITS} />
      )}
    </div>
  )
}

import { pageIdentity } from '@/app/server/page-identity'
import { db } from '@/lib/db'
import { listVideos, videoListSchema } from '@/lib/videos/queries'
import { Library } from './library'
import { LibraryFilter } from './library-filter'

export const metadata = { title: 'Videos' }

export default async function VideosPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { id } = await pageIdentity()
  const { search = '', sort = 'newest' } = videoListSchema.catch({}).parse(await searchParams)
  const first = await listVideos(db(), { ownerId: id, search, sort })
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-2xl font-semibold">Videos</h1>
      {(first.videos.length > 0 || search) && <LibraryFilter search={search} sort={sort} />}
      <Library key={`${sort} ${search}`} search={search} sort={sort} first={first} />
    </div>
  )
}

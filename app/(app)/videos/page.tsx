import { pageIdentity } from '@/app/server/page-identity'
import { searchCaptions } from '@/lib/captions/search'
import { db } from '@/lib/db'
import { listVideos, videoListSchema } from '@/lib/videos/queries'
import { Library } from './library'
import { LibraryFilter } from './library-filter'
import { SaidList } from './said-list'

const MAX_SAID = 50

export const metadata = { title: 'Videos' }

export default async function VideosPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const { id } = await pageIdentity()
  const { search = '', sort = 'newest' } = videoListSchema.catch({}).parse(await searchParams)
  const [first, said] = await Promise.all([
    listVideos(db(), { ownerId: id, search, sort }),
    search ? searchCaptions(db(), { ownerId: id, q: search, limit: MAX_SAID }) : [],
  ])
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-2xl font-semibold">Videos</h1>
      {(first.videos.length > 0 || search) && <LibraryFilter search={search} sort={sort} />}
      <Library key={`${sort} ${search}`} search={search} sort={sort} first={first} />
      {said.length > 0 && <SaidList hits={said} query={search} isAll={said.length < MAX_SAID} />}
    </div>
  )
}

import type { VideoSort } from '@/lib/videos/schema'

/** What the list of videos shows, as it is in the URL. */
export interface LibraryFilter {
  search: string
  sort: VideoSort
  isTrash: boolean
}

/** The query of a filter, of the page and of the API. */
export const libraryParams = ({ search, sort, isTrash }: LibraryFilter) =>
  new URLSearchParams({
    ...(search && { search }),
    ...(sort !== 'newest' && { sort }),
    ...(isTrash && { deleted: 'true' }),
  }).toString()

/** The page of videos with a filter. */
export function libraryUrl(filter: LibraryFilter) {
  const params = libraryParams(filter)
  return params ? `/videos?${params}` : '/videos'
}

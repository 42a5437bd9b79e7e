import type { VideoListState, VideoSort } from '@/lib/videos/schema'

/** What the list of videos shows, as it is in the URL. */
export interface LibraryFilter {
  search: string
  sort: VideoSort
  isTrash: boolean
  /** The id of a folder, `none` for videos in no folder, or undefined for all. */
  folder?: string
  /** Tags that the videos all have. */
  tags: readonly string[]
  state?: VideoListState
}

/** The query of a filter, of the page and of the API. */
export const libraryParams = ({ search, sort, isTrash, folder, tags, state }: LibraryFilter) =>
  new URLSearchParams({
    ...(search && { search }),
    ...(sort !== 'newest' && { sort }),
    ...(folder && { folder }),
    ...(tags.length > 0 && { tags: tags.join(',') }),
    ...(state && { state }),
    ...(isTrash && { deleted: 'true' }),
  }).toString()

/** The page of videos with a filter. */
export function libraryUrl(filter: LibraryFilter) {
  const params = libraryParams(filter)
  return params ? `/videos?${params}` : '/videos'
}

/** Whether a filter leaves videos out, other than those in the trash. */
export const isFiltered = ({ search, folder, tags, state }: LibraryFilter) =>
  Boolean(search || folder || state) || tags.length > 0

import type { VideoDto, VideoListState } from '@/lib/videos/schema'
import type { LibraryFilter } from './library-url'

/** Whether a list with this filter contains a video, as the server decides it. */
export function matchesFilter(video: VideoDto, { search, folder, tags, state }: LibraryFilter) {
  // It had files that were replaced or trimmed, and is about to be destroyed.
  if (video.deletedAt !== null && video.deletedAt === video.purgeAt) return false
  if (!video.title.toLowerCase().includes(search.toLowerCase())) return false
  if (folder && (video.folderId ?? 'none') !== folder) return false
  if (state && listState(video) !== state) return false
  return tags.every((tag) => video.tags.includes(tag))
}

const listState = ({ state }: VideoDto): VideoListState =>
  state === 'queued' || state === 'in_progress' ? 'unfinished' : state

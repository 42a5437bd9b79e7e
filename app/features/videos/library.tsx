'use client'

import { useRef } from 'react'
import { activeCaptionTasksByVideo } from '@/app/features/captions/caption-task'
import { DropZone } from '@/app/features/uploads/drop-zone'
import { loadLater } from '@/app/ui/load-later'
import { useRowSelection } from '@/app/ui/use-row-selection'
import { EmptyMessage } from '@/app/ui/empty-message'
import { LoadMore } from '@/app/ui/load-more'
import { VideoRow } from './video-row'
import { useLive } from '@/app/live/live-provider'
import { usePaginatedRows } from '@/app/live/use-paginated-rows'
import type { VideoDto, VideoSort } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/videos'
import * as libraryMessages from '@/lib/generated/messages/library'
import { getLocale } from '@/lib/i18n/locale'
import { useRefreshChips } from './use-refresh-chips'
import { isFiltered, type LibraryFilter, libraryParams } from './library-url'
import { matchesFilter } from './matches-filter'

const BulkToolbar = loadLater(async () => (await import('./bulk/bulk-toolbar')).BulkToolbar)

const comparators: Record<VideoSort, (a: VideoDto, b: VideoDto) => number> = {
  newest: (a, b) => b.createdAt.localeCompare(a.createdAt),
  oldest: (a, b) => a.createdAt.localeCompare(b.createdAt),
  title: (a, b) => a.title.localeCompare(b.title, getLocale()),
  longest: (a, b) => (b.durationSeconds ?? 0) - (a.durationSeconds ?? 0),
  largest: (a, b) => b.sizeBytes - a.sizeBytes,
}

interface Props {
  filter: LibraryFilter
  first: { videos: VideoDto[]; nextCursor: string | null }
}

/** All videos, searched and sorted by the server, loaded page by page and updated live. */
export function Library({ filter, first }: Props) {
  const { search, sort, isTrash } = filter
  useRefreshChips()
  const live = useLive(first)
  const videos = isTrash ? live.trashedVideos : live.videos
  const { ids, ...pages } = usePaginatedRows({ path: `/api/v1/videos?${libraryParams(filter)}`, first })
  const tasksById = new Map(live.tasks.map((task) => [task.id, task]))
  const captionTasks = activeCaptionTasksByVideo(live.tasks)
  const last = videos.find(({ id }) => id === ids.at(-1))
  // The store may hold videos of later pages; they are shown once their page is loaded.
  const isLoaded = (video: VideoDto) =>
    !pages.hasMore || ids.includes(video.id) || !last || comparators[sort](video, last) <= 0
  const shown = videos
    .filter((video) => matchesFilter(video, filter) && isLoaded(video))
    .toSorted(comparators[sort])
  const { selectedIds, toggle, select } = useRowSelection(shown.map(({ id }) => id))
  const selected = shown.filter(({ id }) => selectedIds.has(id))
  const list = useRef<HTMLUListElement>(null)
  function clear() {
    select([])
    // The toolbar, which had the focus, goes: the user continues where the selection was.
    const isInList = list.current?.contains(document.activeElement)
    if (!isInList) list.current?.querySelector<HTMLElement>(`[data-row="${selected[0]!.id}"]`)?.focus()
  }
  if (shown.length === 0 && !isFiltered(filter) && !isTrash) return <DropZone />
  return (
    <>
      {shown.length === 0 && <EmptyMessage>{emptyMessage({ search, isTrash })}</EmptyMessage>}
      {shown.length > 0 && (
        <ul
          ref={list}
          aria-label={isTrash ? libraryMessages.recentlyDeleted() : messages.videos()}
          className="divide-y overflow-hidden rounded-xl border bg-card"
        >
          {shown.map((video) => (
            <VideoRow
              key={video.id}
              video={video}
              task={tasksById.get(video.taskId ?? '')}
              captionTask={captionTasks.get(video.id)}
              isSelected={selectedIds.has(video.id)}
              onToggle={toggle}
            />
          ))}
        </ul>
      )}
      <LoadMore {...pages} />
      {selected.length > 0 && (
        <BulkToolbar
          videos={selected}
          isTrash={isTrash}
          onSelectAll={() => select(shown.map(({ id }) => id))}
          onClear={clear}
        />
      )}
    </>
  )
}

function emptyMessage({ search, isTrash }: Pick<LibraryFilter, 'search' | 'isTrash'>) {
  if (search) return libraryMessages.noTitles({ search })
  return isTrash ? libraryMessages.trashEmpty() : libraryMessages.noMatch()
}

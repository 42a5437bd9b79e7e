'use client'

import { activeCaptionTasksByVideo } from '@/app/features/captions/caption-task'
import { useDeleteVideos } from './use-delete-videos'
import { DropZone } from '@/app/features/uploads/drop-zone'
import { useRowSelection } from '@/app/ui/use-row-selection'
import { useListNavigation } from '@/app/ui/use-list-navigation'
import { LoadMore } from '@/app/ui/load-more'
import { Button } from '@/app/ui/button'
import { VideoRow } from './video-row'
import { useLive } from '@/app/live/live-provider'
import { usePaginatedRows } from '@/app/live/use-paginated-rows'
import type { VideoDto, VideoSort } from '@/lib/videos/schema'

const comparators: Record<VideoSort, (a: VideoDto, b: VideoDto) => number> = {
  newest: (a, b) => b.createdAt.localeCompare(a.createdAt),
  oldest: (a, b) => a.createdAt.localeCompare(b.createdAt),
  title: (a, b) => a.title.localeCompare(b.title),
  longest: (a, b) => (b.durationSeconds ?? 0) - (a.durationSeconds ?? 0),
  largest: (a, b) => b.sizeBytes - a.sizeBytes,
}

interface Props {
  search: string
  sort: VideoSort
  first: { videos: VideoDto[]; nextCursor: string | null }
}

/** All videos, searched and sorted by the server, loaded page by page and updated live. */
export function Library({ search, sort, first }: Props) {
  const { tasks, videos } = useLive(first)
  const query = new URLSearchParams({ search, sort }).toString()
  const { ids, ...pages } = usePaginatedRows({ path: `/api/v1/videos?${query}`, first })
  const { selectedIds, toggle, clear } = useRowSelection()
  const deleteVideos = useDeleteVideos()
  useListNavigation({ onToggleSelection: toggle })
  const tasksById = new Map(tasks.map((task) => [task.id, task]))
  const captionTasks = activeCaptionTasksByVideo(tasks)
  const last = videos.find(({ id }) => id === ids.at(-1))
  // The store may hold videos of later pages; they are shown once their page is loaded.
  const isLoaded = (video: VideoDto) =>
    !pages.hasMore || ids.includes(video.id) || !last || comparators[sort](video, last) <= 0
  const shown = videos
    .filter((video) => video.title.toLowerCase().includes(search.toLowerCase()) && isLoaded(video))
    .toSorted(comparators[sort])
  if (shown.length === 0 && !search) return <DropZone />
  return (
    <>
      {shown.length === 0 && <p className="py-4 text-muted-foreground">No titles match “{search}”.</p>}
      {shown.length > 0 && (
        <ul className="divide-y overflow-hidden rounded-xl border bg-card">
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
      {selectedIds.size > 0 && (
        <div
          role="toolbar"
          aria-label="Selected videos"
          className="sticky bottom-20 z-30 flex items-center gap-2 self-center rounded-xl border bg-card p-2 pl-4 shadow-lg sm:bottom-6"
        >
          <span className="mr-2 tabular-nums">{selectedIds.size} selected</span>
          <Button size="sm" variant="ghost" onClick={clear}>
            Clear
          </Button>
          <Button
            size="sm"
            variant="destructive"
            onClick={() => {
              deleteVideos(videos.filter(({ id }) => selectedIds.has(id)))
              clear()
            }}
          >
            Delete
          </Button>
        </div>
      )}
    </>
  )
}

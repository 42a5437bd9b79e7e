'use client'

import { useState } from 'react'
import { DropZone } from '@/app/components/drop-zone'
import { VideoRow } from '@/app/components/video-row'
import { useLive } from '@/app/live/live'
import type { VideoDto } from '@/lib/videos/contract'

const orders: Record<string, { name: string; compare: (a: VideoDto, b: VideoDto) => number }> = {
  newest: { name: 'Newest first', compare: (a, b) => b.createdAt.localeCompare(a.createdAt) },
  oldest: { name: 'Oldest first', compare: (a, b) => a.createdAt.localeCompare(b.createdAt) },
  title: { name: 'By title', compare: (a, b) => a.title.localeCompare(b.title) },
  longest: { name: 'Longest first', compare: (a, b) => (b.durationSeconds ?? 0) - (a.durationSeconds ?? 0) },
  largest: { name: 'Largest first', compare: (a, b) => b.sizeBytes - a.sizeBytes },
}

/** All videos, found by title and sorted. */
export function Library({ seed }: { seed: { videos: VideoDto[] } }) {
  const { tasks, videos } = useLive(seed)
  const [search, setSearch] = useState('')
  const [order, setOrder] = useState('newest')
  const taskOf = new Map(tasks.map((task) => [task.id, task]))
  const found = videos
    .filter((video) => video.title.toLowerCase().includes(search.trim().toLowerCase()))
    .sort(orders[order]!.compare)
  if (videos.length === 0) return <DropZone />
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-2xl font-semibold">Videos</h1>
      <div className="flex flex-wrap gap-2">
        <input
          type="search"
          aria-label="Search videos"
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className="h-9 min-w-0 grow rounded-md border bg-raised px-3"
        />
        <select
          aria-label="Sort"
          value={order}
          onChange={(event) => setOrder(event.target.value)}
          className="h-9 rounded-md border bg-raised px-2"
        >
          {Object.entries(orders).map(([key, { name }]) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {found.length > 0 ? (
        <ul className="divide-y rounded-xl border bg-raised">
          {found.map((video) => (
            <VideoRow key={video.id} video={video} task={taskOf.get(video.taskId ?? '')} />
          ))}
        </ul>
      ) : (
        <p className="py-10 text-center text-soft">No video is called “{search}”.</p>
      )}
    </div>
  )
}

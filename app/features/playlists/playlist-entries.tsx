'use client'

import { GripVertical, X } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, useState } from 'react'
import { Button } from '@/app/ui/button'
import { StateAnnouncement } from '@/app/ui/state-announcement'
import { toast } from '@/app/ui/toast'
import type { PlaylistDetailsDto } from '@/lib/playlists/schema'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/playlists'
import { EntryButton } from './entry-button'
import { moveItem } from './move-item'
import { useChangePlaylist } from './use-change-playlist'

interface Props {
  playlist: PlaylistDetailsDto
  currentId: string
  onOpen(videoId: string): void
}

/** The videos of a playlist, which are ordered by dragging their handles, or by the arrow keys on a handle. */
export function PlaylistEntries({ playlist, currentId, onOpen }: Props) {
  const change = useChangePlaylist()
  const url = `/api/v1/playlists/${playlist.id}`
  /** The order that is being saved. */
  const [order, setOrder] = useState<string[]>()
  const [draggedId, setDraggedId] = useState<string>()
  const [announcement, setAnnouncement] = useState('')
  const byId = new Map(playlist.videos.map((video) => [video.id, video]))
  const videos = (order ?? playlist.videoIds).flatMap((id) => byId.get(id) ?? [])

  /** Videos in the trash, which are not shown, stay behind the one that they follow. */
  async function move(id: string, to: number) {
    const from = videos.findIndex((video) => video.id === id)
    const target = videos[to]
    if (from === to || !target) return
    const ids = order ?? playlist.videoIds
    const next = moveItem(ids, { from: ids.indexOf(id), to: ids.indexOf(target.id) })
    setOrder(next)
    const { title } = byId.get(id)!
    setAnnouncement(messages.moved({ title, position: to + 1, count: videos.length }))
    await change({ url, method: 'PATCH', body: { videoIds: next } })
    setOrder(undefined)
  }
  async function remove(video: VideoDto) {
    const before = playlist.videoIds
    if (!(await change({ url: `${url}/videos/${video.id}`, method: 'DELETE' }))) return
    const undo = async () => {
      await change({
        url: `${url}/videos`,
        method: 'POST',
        body: { videoIds: [video.id], skipMissing: true },
      })
      await change({ url, method: 'PATCH', body: { videoIds: before } })
    }
    toast(messages.removed({ title: video.title }), {
      action: { label: messages.undo(), onClick: () => void undo() },
    })
  }
  function onHandleKey(event: KeyboardEvent, { id }: VideoDto, index: number) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!step) return
    event.preventDefault()
    void move(id, index + step)
  }
  const dropTarget = (index: number) => ({
    /** Without this, browsers allow no drop. */
    onDragOver: (event: DragEvent) => draggedId && event.preventDefault(),
    onDrop(event: DragEvent) {
      event.preventDefault()
      if (draggedId) void move(draggedId, index)
      setDraggedId(undefined)
    },
  })
  return (
    <section aria-label={messages.entries()} className="min-w-0">
      <StateAnnouncement text={announcement} />
      <ol className="divide-y overflow-hidden rounded-xl border bg-card">
        {videos.map((video, index) => (
          <li
            key={video.id}
            aria-current={video.id === currentId ? 'true' : undefined}
            className={`flex items-center gap-2 py-1.5 ps-1 pe-2 aria-[current]:bg-primary/10 ${draggedId === video.id ? 'opacity-50' : ''}`}
          >
            <button
              type="button"
              draggable
              {...dropTarget(index)}
              aria-label={messages.move({ title: video.title })}
              aria-keyshortcuts="ArrowUp ArrowDown"
              className="grid size-8 shrink-0 cursor-grab place-items-center rounded-md text-muted-foreground hover:bg-muted"
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move'
                setDraggedId(video.id)
              }}
              onDragEnd={() => setDraggedId(undefined)}
              onKeyDown={(event) => onHandleKey(event, video, index)}
            >
              <GripVertical className="size-4" aria-hidden />
            </button>
            <EntryButton
              {...dropTarget(index)}
              data-row={video.id}
              title={video.title}
              posterUrl={video.urls.poster}
              durationSeconds={video.durationSeconds}
              note={describeState(video)}
              onClick={() => onOpen(video.id)}
            />
            <Button
              size="sm"
              variant="ghost"
              aria-label={messages.remove({ title: video.title })}
              onClick={() => void remove(video)}
            >
              <X className="size-4" aria-hidden />
            </Button>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Of a video that cannot be played. */
function describeState({ isPlayable, state }: VideoDto) {
  if (isPlayable) return undefined
  return state === 'failed' || state === 'canceled' ? messages.entryFailed() : messages.entryNotReady()
}

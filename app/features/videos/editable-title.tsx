'use client'

import { Pencil } from 'lucide-react'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import { sendApiRequest } from '@/app/ui/api-request'
import { useLiveStore } from '@/app/live/live-provider'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/videos'

/** The title of a video, edited in place: Enter saves, Escape reverts. */
export function EditableTitle({ video }: { video: VideoDto }) {
  const store = useLiveStore()
  const [isEditing, setEditing] = useState(false)
  // The server writes the title of the tab only when the page is opened.
  useEffect(() => {
    document.title = `${video.title} · Meanwhile`
  }, [video.title])
  async function rename(title: string) {
    setEditing(false)
    if (!title || title === video.title) return
    await sendApiRequest<VideoDto>(
      { url: `/api/v1/videos/${video.id}`, method: 'PATCH', body: { title } },
      (renamed) => store.upsert({ videos: [renamed] }),
    )
  }
  function handleKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === 'Enter') event.currentTarget.blur()
    if (event.key !== 'Escape') return
    event.currentTarget.value = video.title
    event.currentTarget.blur()
  }
  if (isEditing)
    return (
      <Input
        aria-label={messages.title()}
        defaultValue={video.title}
        maxLength={200}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the user just chose to edit
        autoFocus
        className="text-lg font-semibold"
        onFocus={(event) => event.currentTarget.select()}
        onKeyDown={handleKeyDown}
        onBlur={(event) => void rename(event.currentTarget.value.trim())}
      />
    )
  return (
    <div className="flex items-center gap-1">
      <h1 dir="auto" className="text-xl font-semibold break-words">
        {video.title}
      </h1>
      <Button variant="ghost" size="sm" aria-label={messages.rename()} onClick={() => setEditing(true)}>
        <Pencil className="size-3.5" />
      </Button>
    </div>
  )
}

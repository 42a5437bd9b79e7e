'use client'

import { Plus, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { TimecodeInput } from '@/app/features/captions/editor/timecode-input'
import type { Playhead } from '@/app/features/player/playhead'
import { useLiveStore } from '@/app/live/live-provider'
import { sendApiRequest } from '@/app/ui/api-request'
import { Button } from '@/app/ui/button'
import { DialogActions } from '@/app/ui/dialog-actions'
import { formatTimestamp } from '@/app/ui/format'
import { Input } from '@/app/ui/input'
import { Modal } from '@/app/ui/modal'
import { uuid } from '@/app/ui/uuid'
import type { ChapterDto } from '@/lib/videos/chapters'
import type { VideoDetailsDto, VideoDto } from '@/lib/videos/schema'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/chapters'

export interface ChapterEditorProps {
  video: VideoDto
  chapters: readonly ChapterDto[]
  playhead: Playhead
  onSave(chapters: ChapterDto[]): void
  onClose(): void
}

interface Row {
  key: string
  startSeconds: number
  title: string
}

/** Edits the chapters of a video. Nothing is stored before "Save". */
export function ChapterEditor({ video, chapters, playhead, onSave, onClose }: ChapterEditorProps) {
  const store = useLiveStore()
  const [rows, setRows] = useState<Row[]>(() =>
    chapters.length > 0
      ? chapters.map(({ startSeconds, title }) => ({ key: uuid(), startSeconds, title }))
      : [{ key: uuid(), startSeconds: 0, title: '' }],
  )
  const position = Math.floor(playhead.seconds())
  const change = (key: string, part: Partial<Row>) =>
    setRows((before) => before.map((row) => (row.key === key ? { ...row, ...part } : row)))
  function add() {
    const isTaken = rows.some(({ startSeconds }) => startSeconds === position)
    const startSeconds = isTaken ? Math.max(...rows.map((row) => row.startSeconds)) + 1 : position
    const added = [...rows, { key: uuid(), startSeconds, title: '' }]
    setRows(added.toSorted((a, b) => a.startSeconds - b.startSeconds))
  }
  async function submit(event: FormEvent) {
    event.preventDefault()
    const body = { chapters: rows.map(({ startSeconds, title }) => ({ startSeconds, title })) }
    await sendApiRequest<VideoDetailsDto>(
      { url: `/api/v1/videos/${video.id}/chapters`, method: 'PUT', body },
      (saved) => {
        store.upsert({ videos: [saved] })
        onSave(saved.chapters)
        onClose()
      },
    )
  }
  return (
    <Modal isOpen onOpenChange={onClose} title={messages.title()} description={messages.hint()}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
        <ol aria-label={messages.edited()} className="flex flex-col gap-2">
          {rows.map(({ key, startSeconds, title }, n) => (
            <li key={key} className="flex items-center gap-2">
              <TimecodeInput
                label={messages.start({ number: n + 1 })}
                seconds={startSeconds}
                onChange={(seconds) => change(key, { startSeconds: Math.max(0, seconds) })}
              />
              <Input
                required
                maxLength={200}
                aria-label={messages.chapterTitle({ number: n + 1 })}
                placeholder={messages.titlePlaceholder()}
                value={title}
                onChange={(event) => change(key, { title: event.target.value })}
              />
              <Button
                variant="ghost"
                size="sm"
                aria-label={messages.remove({ number: n + 1 })}
                onClick={() => setRows((before) => before.filter((row) => row.key !== key))}
              >
                <X className="size-4" aria-hidden />
              </Button>
            </li>
          ))}
        </ol>
        <Button size="sm" className="self-start" onClick={add}>
          <Plus className="size-4" aria-hidden />
          {messages.addAt({ time: formatTimestamp(position) })}
        </Button>
        <DialogActions confirmLabel={commonMessages.save()} onCancel={onClose} />
      </form>
    </Modal>
  )
}

import { X } from 'lucide-react'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { Button } from '@/app/ui/button'
import { DialogActions } from '@/app/ui/dialog-actions'
import { fetchJson } from '@/app/ui/fetch-json'
import { Input } from '@/app/ui/input'
import { Modal } from '@/app/ui/modal'
import { MAX_TAG_LENGTH } from '@/lib/videos/tag-limits'
import type { TagCount } from '@/lib/videos/tag-schema'
import type { VideoDto } from '@/lib/videos/schema'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/video-bulk'
import { parseTags } from '../parse-tags'

interface Props {
  videos: readonly VideoDto[]
  onSave(change: { add: string[]; remove: string[] }): void
  onClose(): void
}

/** Adds tags to videos, and removes those that some of them have. */
export function TagDialog({ videos, onSave, onClose }: Props) {
  const listId = useId()
  const [add, setAdd] = useState<string[]>([])
  const [remove, setRemove] = useState<string[]>([])
  const [text, setText] = useState('')
  const [known, setKnown] = useState<TagCount[]>([])
  useEffect(() => {
    void fetchJson<{ tags: TagCount[] }>('/api/v1/tags').then((found) => found && setKnown(found.tags))
  }, [])
  const present = [...new Set(videos.flatMap(({ tags }) => tags))].filter((tag) => !remove.includes(tag))
  const typed = parseTags(text)
  function submit(event: FormEvent) {
    event.preventDefault()
    onSave({ add: [...new Set([...add, ...typed])], remove })
  }
  return (
    <Modal isOpen onOpenChange={onClose} title={messages.tagTitle({ count: videos.length })}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {present.length + add.length > 0 && (
          <ul aria-label={messages.tags()} className="flex flex-wrap gap-1.5">
            {[...present, ...add.filter((tag) => !present.includes(tag))].map((tag) => (
              <li key={tag} className="flex h-8 items-center gap-1 rounded-full border ps-3 pe-1 text-sm">
                #{tag}
                {present.includes(tag) && videos.length > 1 && (
                  <span className="text-muted-foreground tabular-nums">{countTagged(videos, tag)}</span>
                )}
                <Button
                  variant="ghost"
                  size="sm"
                  aria-label={messages.removeTag({ tag })}
                  className="size-6 rounded-full p-0"
                  onClick={() => {
                    setAdd((tags) => tags.filter((one) => one !== tag))
                    if (present.includes(tag)) setRemove((tags) => [...tags, tag])
                  }}
                >
                  <X className="size-3.5" aria-hidden />
                </Button>
              </li>
            ))}
          </ul>
        )}
        <div className="flex gap-2">
          <Input
            aria-label={messages.addTags()}
            placeholder={messages.addTagsHint()}
            list={listId}
            maxLength={10 * MAX_TAG_LENGTH}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Button
            disabled={typed.length === 0}
            onClick={() => {
              setAdd((tags) => [...new Set([...tags, ...typed])])
              setRemove((tags) => tags.filter((tag) => !typed.includes(tag)))
              setText('')
            }}
          >
            {messages.add()}
          </Button>
          <datalist id={listId}>
            {known.map(({ tag }) => (
              <option key={tag}>{tag}</option>
            ))}
          </datalist>
        </div>
        <DialogActions confirmLabel={commonMessages.save()} onCancel={onClose} />
      </form>
    </Modal>
  )
}

const countTagged = (videos: readonly VideoDto[], tag: string) =>
  videos.filter(({ tags }) => tags.includes(tag)).length

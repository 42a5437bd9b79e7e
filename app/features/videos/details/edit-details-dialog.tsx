'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useId, useState } from 'react'
import { useLiveStore } from '@/app/live/live-provider'
import { sendApiRequest } from '@/app/ui/api-request'
import { DialogActions } from '@/app/ui/dialog-actions'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import { Modal } from '@/app/ui/modal'
import { Select } from '@/app/ui/select'
import { useDebouncedFetch } from '@/app/ui/use-debounced-fetch'
import type { FolderDto } from '@/lib/folders/schema'
import type { VideoDetailsDto } from '@/lib/videos/schema'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/videos'
import { parseTags } from '../parse-tags'

export interface EditDetailsProps {
  video: Pick<VideoDetailsDto, 'id' | 'description' | 'tags' | 'folderId'>
  onClose(): void
}

const NO_FOLDER = 'none'

/** Edits the description, the folder and the tags of a video. */
export function EditDetailsDialog({ video, onClose }: EditDetailsProps) {
  const store = useLiveStore()
  const router = useRouter()
  const id = useId()
  const [description, setDescription] = useState(video.description ?? '')
  const [tags, setTags] = useState(video.tags.join(', '))
  const [folder, setFolder] = useState(video.folderId ?? NO_FOLDER)
  const folders = useDebouncedFetch<{ folders: FolderDto[] }>('/api/v1/folders')?.folders
  async function submit(event: FormEvent) {
    event.preventDefault()
    const body = {
      description,
      tags: parseTags(tags),
      // Not before the folders have arrived.
      ...(folders && { folderId: folder === NO_FOLDER ? null : folder }),
    }
    await sendApiRequest<VideoDetailsDto>(
      { url: `/api/v1/videos/${video.id}`, method: 'PATCH', body },
      (saved) => {
        store.upsert({ videos: [saved] })
        router.refresh()
        onClose()
      },
    )
  }
  return (
    <Modal isOpen onOpenChange={onClose} title={messages.details()}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field id={`${id}-description`} label={messages.description()}>
          <textarea
            id={`${id}-description`}
            rows={6}
            maxLength={5_000}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
            className="w-full rounded-md border bg-card px-3 py-2 max-sm:text-lg"
          />
        </Field>
        <Field id={`${id}-tags`} label={messages.tags()} hint={messages.tagsHint()}>
          <Input id={`${id}-tags`} value={tags} onChange={(event) => setTags(event.target.value)} />
        </Field>
        {folders && folders.length > 0 && (
          <div className="flex items-center justify-between gap-4">
            <span className="font-medium">{messages.folder()}</span>
            <Select
              label={messages.folder()}
              value={folder}
              options={[
                [NO_FOLDER, messages.noFolder()],
                ...folders.map(({ id: folderId, name }) => [folderId, name] as const),
              ]}
              onChange={setFolder}
              className="max-w-56"
            />
          </div>
        )}
        <DialogActions confirmLabel={commonMessages.save()} onCancel={onClose} />
      </form>
    </Modal>
  )
}

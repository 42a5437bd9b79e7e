'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useId, useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { DialogActions } from '@/app/ui/dialog-actions'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import { Modal } from '@/app/ui/modal'
import type { FolderDto } from '@/lib/folders/schema'

interface Props {
  /** The folder to rename; undefined for a new one. */
  folder?: FolderDto
  onClose(): void
}

/** Names a new folder, or renames one. */
export function FolderNameDialog({ folder, onClose }: Props) {
  const router = useRouter()
  const id = useId()
  const [name, setName] = useState(folder?.name ?? '')
  async function submit(event: FormEvent) {
    event.preventDefault()
    const request = folder
      ? { url: `/api/v1/folders/${folder.id}`, method: 'PATCH', body: { name } }
      : { url: '/api/v1/folders', method: 'POST', body: { name } }
    await sendApiRequest<FolderDto>(request, (saved) => {
      onClose()
      if (folder) router.refresh()
      else router.push(`/videos?folder=${saved.id}`)
    })
  }
  return (
    <Modal isOpen onOpenChange={onClose} title={folder ? 'Rename folder' : 'New folder'}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field id={id} label="Name">
          <Input
            id={id}
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <DialogActions confirmLabel={folder ? 'Rename' : 'Create folder'} onCancel={onClose} />
      </form>
    </Modal>
  )
}

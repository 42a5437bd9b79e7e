'use client'

import { useRouter } from 'next/navigation'
import { sendApiRequest } from '@/app/ui/api-request'
import { NameDialog } from '@/app/ui/name-dialog'
import type { FolderDto } from '@/lib/folders/schema'
import * as messages from '@/lib/generated/messages/video-folders'

interface Props {
  /** The folder to rename; undefined for a new one. */
  folder?: FolderDto
  onClose(): void
}

/** Names a new folder, or renames one. */
export function FolderNameDialog({ folder, onClose }: Props) {
  const router = useRouter()
  function save(name: string) {
    const request = folder
      ? { url: `/api/v1/folders/${folder.id}`, method: 'PATCH', body: { name } }
      : { url: '/api/v1/folders', method: 'POST', body: { name } }
    void sendApiRequest<FolderDto>(request, (saved) => {
      onClose()
      if (folder) router.refresh()
      else router.push(`/videos?folder=${saved.id}`)
    })
  }
  return (
    <NameDialog
      title={folder ? messages.renameTitle() : messages.newTitle()}
      initialName={folder?.name}
      confirmLabel={folder ? messages.rename() : messages.create()}
      onSubmit={save}
      onClose={onClose}
    />
  )
}

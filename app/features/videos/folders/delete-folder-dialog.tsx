'use client'

import { useRouter } from 'next/navigation'
import { sendApiRequest } from '@/app/ui/api-request'
import { ConfirmDialog } from '@/app/ui/confirm-dialog'
import type { FolderDto } from '@/lib/folders/schema'
import * as messages from '@/lib/generated/messages/video-folders'

/** Asks before a folder is deleted. */
export function DeleteFolderDialog({ folder, onClose }: { folder: FolderDto; onClose(): void }) {
  const router = useRouter()
  const remove = () =>
    sendApiRequest({ url: `/api/v1/folders/${folder.id}`, method: 'DELETE', acceptedStatuses: [404] }, () =>
      router.push('/videos'),
    )
  return (
    <ConfirmDialog
      title={messages.deleteTitle({ name: folder.name })}
      description={messages.deleteHint()}
      confirmLabel={messages.delete()}
      isOpen
      onOpenChange={onClose}
      onConfirm={() => void remove()}
    />
  )
}

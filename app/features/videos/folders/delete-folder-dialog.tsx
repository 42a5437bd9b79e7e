'use client'

import { useRouter } from 'next/navigation'
import { sendApiRequest } from '@/app/ui/api-request'
import { ConfirmDialog } from '@/app/ui/confirm-dialog'
import type { FolderDto } from '@/lib/folders/schema'

/** Asks before a folder is deleted. */
export function DeleteFolderDialog({ folder, onClose }: { folder: FolderDto; onClose(): void }) {
  const router = useRouter()
  const remove = () =>
    sendApiRequest({ url: `/api/v1/folders/${folder.id}`, method: 'DELETE', acceptedStatuses: [404] }, () =>
      router.push('/videos'),
    )
  return (
    <ConfirmDialog
      title={`Delete the folder “${folder.name}”?`}
      description="Its videos stay, in no folder."
      confirmLabel="Delete folder"
      isOpen
      onOpenChange={onClose}
      onConfirm={() => void remove()}
    />
  )
}

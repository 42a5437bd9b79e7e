'use client'

import { DialogActions } from '@/app/ui/dialog-actions'
import { Modal } from '@/app/ui/modal'
import { formatBytes } from '@/lib/text/format-bytes'
import * as messages from '@/lib/generated/messages/uploads'
import * as importsMessages from '@/lib/generated/messages/imports'

interface Props {
  files: File[]
  onUpload(): void
  onClose(): void
}

/** Confirms the upload: pages of other sites can share files with the app too. */
export function SharedFilesDialog({ files, onUpload, onClose }: Props) {
  return (
    <Modal
      isOpen
      onOpenChange={onClose}
      title={importsMessages.sharedTitle({ count: files.length })}
      description={importsMessages.sharedHint()}
    >
      <ul className="divide-y rounded-lg border">
        {files.map((file, index) => (
          <li key={index} className="flex justify-between gap-4 px-3 py-2">
            <span dir="auto" className="truncate">
              {file.name}
            </span>
            <span className="shrink-0 text-muted-foreground tabular-nums">{formatBytes(file.size)}</span>
          </li>
        ))}
      </ul>
      <DialogActions confirmLabel={messages.upload()} onCancel={onClose} onConfirm={onUpload} />
    </Modal>
  )
}

'use client'

import { FolderPen, FolderPlus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { loadLater } from '@/app/ui/load-later'
import type { FolderDto } from '@/lib/folders/schema'
import * as messages from '@/lib/generated/messages/video-folders'

const FolderNameDialog = loadLater(async () => (await import('./folder-name-dialog')).FolderNameDialog)
const DeleteFolderDialog = loadLater(async () => (await import('./delete-folder-dialog')).DeleteFolderDialog)

/** Creates a folder; renames and deletes the current one. */
export function FolderActions({ folder }: { folder?: FolderDto }) {
  const [open, setOpen] = useState<'create' | 'rename' | 'delete'>()
  const close = () => setOpen(undefined)
  return (
    <>
      {folder && (
        <>
          <Button size="sm" variant="ghost" onClick={() => setOpen('rename')}>
            <FolderPen className="size-4" aria-hidden />
            {messages.renameTitle()}
          </Button>
          <Button size="sm" variant="ghost" onClick={() => setOpen('delete')}>
            <Trash2 className="size-4" aria-hidden />
            {messages.delete()}
          </Button>
        </>
      )}
      <Button size="sm" variant="ghost" onClick={() => setOpen('create')}>
        <FolderPlus className="size-4" aria-hidden />
        {messages.newTitle()}
      </Button>
      {open === 'create' && <FolderNameDialog onClose={close} />}
      {open === 'rename' && folder && <FolderNameDialog folder={folder} onClose={close} />}
      {open === 'delete' && folder && <DeleteFolderDialog folder={folder} onClose={close} />}
    </>
  )
}

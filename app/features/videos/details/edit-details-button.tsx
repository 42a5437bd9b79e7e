'use client'

import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { loadLater } from '@/app/ui/load-later'
import * as messages from '@/lib/generated/messages/videos'
import type { EditDetailsProps } from './edit-details-dialog'

const EditDetailsDialog = loadLater(async () => (await import('./edit-details-dialog')).EditDetailsDialog)

/** Opens the form for description, folder and tags, which is loaded when it is first used. */
export function EditDetailsButton({ video }: Pick<EditDetailsProps, 'video'>) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button size="sm" variant="ghost" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {video.description ? messages.editDetails() : messages.addDescription()}
      </Button>
      {isOpen && <EditDetailsDialog video={video} onClose={() => setOpen(false)} />}
    </>
  )
}

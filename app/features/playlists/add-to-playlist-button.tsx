'use client'

import { ListPlus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { loadLater } from '@/app/ui/load-later'
import * as messages from '@/lib/generated/messages/actions'

const AddToPlaylistDialog = loadLater(
  async () => (await import('./add-to-playlist-dialog')).AddToPlaylistDialog,
)

interface Props {
  videoIds: string[]
  onAdded?(): void
}

/** Opens the dialog that adds videos to a playlist. */
export function AddToPlaylistButton({ videoIds, onAdded }: Props) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button size="sm" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <ListPlus className="size-4 max-sm:hidden" aria-hidden />
        {messages.addToPlaylist()}
      </Button>
      {isOpen && <AddToPlaylistDialog videoIds={videoIds} onAdded={onAdded} onClose={() => setOpen(false)} />}
    </>
  )
}

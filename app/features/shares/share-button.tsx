'use client'

import { Share2 } from 'lucide-react'
import { type ComponentType, useState } from 'react'
import type { Playhead } from '@/app/features/player/playhead'
import { Button } from '@/app/ui/button'
import type { ShareDialogProps } from './share-dialog'

/** Opens the links to a video. The dialog is loaded when it is first used. */
export function ShareButton({ videoId, playhead }: { videoId: string; playhead: Playhead }) {
  const [Dialog, setDialog] = useState<ComponentType<ShareDialogProps>>()
  const [isOpen, setOpen] = useState(false)
  async function open() {
    const { ShareDialog } = await import('./share-dialog')
    setDialog(() => ShareDialog)
    setOpen(true)
  }
  return (
    <>
      <Button size="sm" aria-haspopup="dialog" onClick={() => void open()}>
        <Share2 className="size-4" aria-hidden />
        Share
      </Button>
      {Dialog && isOpen && (
        <Dialog videoId={videoId} positionSeconds={playhead.seconds()} onClose={() => setOpen(false)} />
      )}
    </>
  )
}

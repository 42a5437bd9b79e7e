'use client'

import type { Playhead } from '@/app/features/player/playhead'
import { DialogButton, type DialogProps } from './dialog-button'

/** Opens the links to a video. */
export const ShareButton = ({ videoId, playhead }: { videoId: string; playhead: Playhead }) => (
  <DialogButton
    loadDialog={async () => {
      const { ShareDialog } = await import('./share-dialog')
      const positionSeconds = playhead.seconds()
      return function VideoShareDialog({ onClose }: DialogProps) {
        return <ShareDialog videoId={videoId} positionSeconds={positionSeconds} onClose={onClose} />
      }
    }}
  />
)

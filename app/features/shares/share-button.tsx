'use client'

import type { Playhead } from '@/app/features/player/playhead'
import { DialogButton, type DialogProps } from './dialog-button'
import { playlistSharesUrl, videoSharesUrl } from './share-requests'

/** Opens the links to a video. */
export const ShareButton = ({ videoId, playhead }: { videoId: string; playhead: Playhead }) => (
  <DialogButton
    loadDialog={async () => {
      const { ShareDialog } = await import('./share-dialog')
      const positionSeconds = playhead.seconds()
      return function VideoShareDialog({ onClose }: DialogProps) {
        return (
          <ShareDialog
            sharesUrl={videoSharesUrl(videoId)}
            subject="video"
            positionSeconds={positionSeconds}
            onClose={onClose}
          />
        )
      }
    }}
  />
)

/** Opens the links to a playlist. */
export const SharePlaylistButton = ({ playlistId }: { playlistId: string }) => (
  <DialogButton
    loadDialog={async () => {
      const { ShareDialog } = await import('./share-dialog')
      return function PlaylistShareDialog({ onClose }: DialogProps) {
        return <ShareDialog sharesUrl={playlistSharesUrl(playlistId)} subject="playlist" onClose={onClose} />
      }
    }}
  />
)

'use client'

import { ListVideo } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { sendApiRequest } from '@/app/ui/api-request'
import { ChoiceDialog } from '@/app/ui/choice-dialog'
import { toast } from '@/app/ui/toast'
import type { PlaylistDto, PlaylistSummaryDto } from '@/lib/playlists/schema'
import * as messages from '@/lib/generated/messages/playlists'

interface Props {
  videoIds: string[]
  /** Called when they are added. */
  onAdded?(): void
  onClose(): void
}

/** Adds videos to a playlist, or to a new one. */
export function AddToPlaylistDialog({ videoIds, onAdded, onClose }: Props) {
  const router = useRouter()
  const [playlists, setPlaylists] = useState<PlaylistSummaryDto[]>()
  useEffect(() => {
    void sendApiRequest<{ playlists: PlaylistSummaryDto[] }>({ url: '/api/v1/playlists' }, (found) =>
      setPlaylists(found.playlists),
    )
  }, [])
  const send = (url: string, body: object) =>
    sendApiRequest<PlaylistDto>({ url, method: 'POST', body }, ({ id, name }) => {
      onClose()
      onAdded?.()
      toast.success(messages.added({ name }), {
        action: { label: messages.open(), onClick: () => router.push(`/playlists/${id}`) },
      })
    })
  return (
    <ChoiceDialog
      title={messages.addTitle()}
      label={messages.playlists()}
      choices={playlists?.map(({ id, name }) => ({
        key: id,
        name,
        Icon: ListVideo,
        onChoose: () => void send(`/api/v1/playlists/${id}/videos`, { videoIds }),
      }))}
      newLabel={messages.newPlaylist()}
      createLabel={messages.createAndAdd()}
      onCreate={(name) => void send('/api/v1/playlists', { name, videoIds })}
      onClose={onClose}
    />
  )
}

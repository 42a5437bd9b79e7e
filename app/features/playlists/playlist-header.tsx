'use client'

import { Pencil, Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { SharePlaylistButton } from '@/app/features/shares/share-button'
import { createShareRequest, playlistSharesUrl } from '@/app/features/shares/share-requests'
import { sendApiRequest } from '@/app/ui/api-request'
import { BackLink } from '@/app/ui/back-link'
import { Button } from '@/app/ui/button'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { NameDialog } from '@/app/ui/name-dialog'
import { toast } from '@/app/ui/toast'
import type { PlaylistDetailsDto, PlaylistDto } from '@/lib/playlists/schema'
import { useChangePlaylist } from './use-change-playlist'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/playlists'

/** The name of a playlist, with the actions on it. */
export function PlaylistHeader({ playlist }: { playlist: PlaylistDetailsDto }) {
  const { id, name, videoIds, videos } = playlist
  const router = useRouter()
  const change = useChangePlaylist()
  const [isRenaming, setRenaming] = useState(false)
  const url = `/api/v1/playlists/${id}`
  async function rename(typed: string) {
    if (await change({ url, method: 'PATCH', body: { name: typed } })) setRenaming(false)
  }
  async function remove() {
    if (!(await sendApiRequest({ url, method: 'DELETE', acceptedStatuses: [404] }))) return
    router.push('/videos')
    const undo = () =>
      sendApiRequest<PlaylistDto>(
        { url: '/api/v1/playlists', method: 'POST', body: { name, videoIds, skipMissing: true } },
        (restored) => router.push(`/playlists/${restored.id}`),
      )
    toast(messages.deleted({ name }), {
      description: messages.deletedHint(),
      duration: 10_000,
      action: { label: messages.undo(), onClick: () => void undo() },
    })
  }
  return (
    <div className="flex flex-wrap items-end justify-between gap-3">
      <div className="min-w-0">
        <BackLink href="/videos">{messages.backToVideos()}</BackLink>
        <h1 dir="auto" className="text-2xl font-semibold break-words">
          {name}
        </h1>
        <p className="text-sm text-muted-foreground">{messages.summary({ count: videos.length })}</p>
      </div>
      <div className="flex gap-2">
        <SharePlaylistButton playlistId={id} />
        <Button size="sm" onClick={() => setRenaming(true)}>
          <Pencil className="size-4" aria-hidden />
          {messages.rename()}
        </Button>
        <Button size="sm" variant="destructive" onClick={() => void remove()}>
          <Trash2 className="size-4" aria-hidden />
          {commonMessages.delete()}
        </Button>
        <CopyAsCurl
          actions={[
            { label: messages.createLink(), request: createShareRequest(playlistSharesUrl(id), {}) },
            { label: commonMessages.delete(), request: { url, method: 'DELETE' } },
          ]}
        />
      </div>
      {isRenaming && (
        <NameDialog
          title={messages.renameTitle()}
          initialName={name}
          confirmLabel={messages.rename()}
          onSubmit={(typed) => void rename(typed)}
          onClose={() => setRenaming(false)}
        />
      )}
    </div>
  )
}

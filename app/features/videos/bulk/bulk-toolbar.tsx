'use client'

import {
  Download,
  FolderInput,
  type LucideIcon,
  RotateCcw,
  Share2,
  Tag,
  Trash2,
  Undo2,
  X,
} from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useState } from 'react'
import { ExportButton } from '@/app/features/archives/export-button'
import { AddToPlaylistButton } from '@/app/features/playlists/add-to-playlist-button'
import { useLiveStore } from '@/app/live/live-provider'
import { Button } from '@/app/ui/button'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { ConfirmDialog } from '@/app/ui/confirm-dialog'
import { StateAnnouncement } from '@/app/ui/state-announcement'
import { toast } from '@/app/ui/toast'
import { MAX_BULK_VIDEOS } from '@/lib/videos/bulk-limit'
import type { ShareDto } from '@/lib/shares/schema'
import type { VideoDto } from '@/lib/videos/schema'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/video-bulk'
import * as actionMessages from '@/lib/generated/messages/actions'
import { deleteVideos, restoreVideos } from './delete-videos'
import { downloadSources } from './download-sources'
import { listBulkCurlActions } from '../list-video-curl-actions'
import { MoveDialog, type MoveTarget } from './move-dialog'
import { changedIds, sendChange } from './send-change'
import { SharedLinksDialog } from './shared-links-dialog'
import { TagDialog } from './tag-dialog'

export interface BulkToolbarProps {
  /** The selected videos, at least one. */
  videos: VideoDto[]
  isTrash: boolean
  onSelectAll(): void
  /** Called when the selection has done its work, and by Escape. */
  onClear(): void
}

/** What can be done with the selected videos, at the lower edge of the list. */
export function BulkToolbar({ videos, isTrash, onSelectAll, onClear }: BulkToolbarProps) {
  const store = useLiveStore()
  const router = useRouter()
  const [dialog, setDialog] = useState<'move' | 'tag' | 'purge'>()
  const [links, setLinks] = useState<{ title: string; share: ShareDto }[]>()
  const ids = videos.map(({ id }) => id)
  const failed = videos.filter(({ state }) => state === 'failed' || state === 'canceled')
  const stored = videos.filter(({ sha256 }) => sha256 !== null)
  const isTooMany = ids.length > MAX_BULK_VIDEOS
  const summary = isTooMany
    ? messages.tooMany({ maximum: MAX_BULK_VIDEOS })
    : messages.selected({ count: videos.length })
  const closeDialog = () => setDialog(undefined)
  useClearOnEscape(onClear)
  /** Ends the selection. Folders, tags and the trash are read again when `work` has ended. */
  const finishWith = async (work: Promise<unknown>) => {
    onClear()
    await work
    router.refresh()
  }
  async function retry() {
    onClear()
    const result = await sendChange(store, { action: 'retry', ids: failed.map(({ id }) => id) })
    const count = result ? changedIds(result).length : 0
    if (count > 0) toast(messages.retrying({ count }))
  }
  async function share() {
    const result = await sendChange(store, { action: 'share', ids })
    const titles = new Map(videos.map(({ id, title }) => [id, title]))
    const shared = result?.results.flatMap(({ id, share: link }) =>
      link ? [{ title: titles.get(id) ?? '', share: link }] : [],
    )
    if (shared?.length) setLinks(shared)
  }
  async function move({ id: folderId, name }: MoveTarget) {
    const result = await sendChange(store, { action: 'move', ids, folderId })
    const count = result ? changedIds(result).length : 0
    if (count > 0) toast(messages.moved({ count, name }))
  }
  const action = (icon: LucideIcon, label: string, onClick: () => void, isDestructive = false) => (
    <Action icon={icon} isDestructive={isDestructive} isDisabled={isTooMany} onClick={onClick}>
      {label}
    </Action>
  )
  return (
    <div
      role="toolbar"
      aria-label={messages.toolbar()}
      className="sticky bottom-20 z-30 flex max-w-full flex-wrap items-center justify-center gap-1.5 self-center rounded-xl border bg-card p-2 ps-4 shadow-lg sm:bottom-6"
    >
      <span className="me-2 tabular-nums">{summary}</span>
      <StateAnnouncement text={summary} />
      <Button size="sm" variant="ghost" onClick={onSelectAll} className="max-sm:hidden">
        {messages.selectAll()}
      </Button>
      {isTrash ? (
        <>
          {action(Undo2, actionMessages.restore(), () => void finishWith(restoreVideos(store, ids)))}
          {action(Trash2, actionMessages.deleteNow(), () => setDialog('purge'), true)}
        </>
      ) : (
        <>
          {failed.length > 0 && action(RotateCcw, actionMessages.retry(), () => void retry())}
          {stored.length > 0 && action(Download, messages.download(), () => downloadSources(stored))}
          {stored.length > 0 && !isTooMany && <ExportButton videoIds={stored.map(({ id }) => id)} />}
          {action(Share2, actionMessages.share(), () => void share())}
          {!isTooMany && (
            <AddToPlaylistButton videoIds={ids} onAdded={() => void finishWith(Promise.resolve())} />
          )}
          {action(FolderInput, messages.move(), () => setDialog('move'))}
          {action(Tag, messages.tag(), () => setDialog('tag'))}
          {action(Trash2, commonMessages.delete(), () => void finishWith(deleteVideos(store, videos)), true)}
        </>
      )}
      {!isTooMany && <CopyAsCurl actions={listBulkCurlActions({ ids, failed, isTrash })} />}
      <Button size="sm" variant="ghost" aria-label={messages.clear()} onClick={onClear}>
        <X className="size-4" aria-hidden />
      </Button>
      <ConfirmDialog
        title={messages.purgeTitle({ count: videos.length })}
        description={messages.purgeHint()}
        confirmLabel={actionMessages.deleteNow()}
        isOpen={dialog === 'purge'}
        onOpenChange={closeDialog}
        onConfirm={() => void finishWith(sendChange(store, { action: 'purge', ids }))}
      />
      {dialog === 'move' && (
        <MoveDialog
          title={messages.moveTitle({ count: videos.length })}
          onClose={closeDialog}
          onMove={(folder) => void finishWith(move(folder))}
        />
      )}
      {dialog === 'tag' && (
        <TagDialog
          videos={videos}
          onClose={closeDialog}
          onSave={(tags) => void finishWith(sendChange(store, { action: 'tag', ids, ...tags }))}
        />
      )}
      {links && <SharedLinksDialog links={links} onClose={() => setLinks(undefined)} />}
    </div>
  )
}

interface ActionProps {
  icon: LucideIcon
  isDestructive: boolean
  isDisabled: boolean
  onClick(): void
  children: ReactNode
}

const Action = ({ icon: Icon, isDestructive, isDisabled, onClick, children }: ActionProps) => (
  <Button
    size="sm"
    variant={isDestructive ? 'destructive' : 'outline'}
    disabled={isDisabled}
    onClick={onClick}
  >
    <Icon className="size-4 max-sm:hidden" aria-hidden />
    {children}
  </Button>
)

function useClearOnEscape(onClear: () => void) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // Dialogs and menus close first.
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('[role="dialog"]'))
        return
      onClear()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [onClear])
}

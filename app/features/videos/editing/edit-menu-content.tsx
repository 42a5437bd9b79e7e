'use client'

import { FileUp, Image, Scissors } from 'lucide-react'
import { useState } from 'react'
import type { Playhead } from '@/app/features/player/playhead'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/app/ui/dropdown-menu'
import type { MenuProps } from '@/app/ui/lazy-menu'
import { loadLater } from '@/app/ui/load-later'
import * as trimMessages from '@/lib/generated/messages/trim'
import * as messages from '@/lib/generated/messages/videos'
import type { VideoDetailsDto, VideoDto } from '@/lib/videos/schema'

const PosterDialog = loadLater(async () => (await import('../poster/poster-dialog')).PosterDialog)
const TrimDialog = loadLater(async () => (await import('../trim/trim-dialog')).TrimDialog)
const ReplaceFileDialog = loadLater(async () => (await import('./replace-file-dialog')).ReplaceFileDialog)

export interface EditMenuProps {
  video: VideoDto
  trim: VideoDetailsDto['trim']
  playhead: Playhead
}

export function EditMenuContent({ video, trim, playhead, trigger }: EditMenuProps & MenuProps) {
  const [dialog, setDialog] = useState<'poster' | 'trim' | 'replace' | null>(null)
  const close = () => setDialog(null)
  return (
    <>
      <DropdownMenu defaultOpen>
        <DropdownMenuTrigger asChild>{trigger}</DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem disabled={video.durationSeconds === null} onSelect={() => setDialog('poster')}>
            <Image /> {messages.thumbnail()}
          </DropdownMenuItem>
          <DropdownMenuItem disabled={video.state !== 'done'} onSelect={() => setDialog('trim')}>
            <Scissors /> {trimMessages.menuItem()}
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => setDialog('replace')}>
            <FileUp /> {messages.replaceFile()}
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      {dialog === 'poster' && <PosterDialog video={video} playhead={playhead} onClose={close} />}
      {dialog === 'trim' && <TrimDialog video={video} trim={trim} onClose={close} />}
      {dialog === 'replace' && <ReplaceFileDialog video={video} onClose={close} />}
    </>
  )
}

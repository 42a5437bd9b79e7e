'use client'

import { FileUp, Image } from 'lucide-react'
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
import type { VideoDto } from '@/lib/videos/schema'

const PosterDialog = loadLater(async () => (await import('../poster/poster-dialog')).PosterDialog)
const ReplaceFileDialog = loadLater(async () => (await import('./replace-file-dialog')).ReplaceFileDialog)

export interface EditMenuProps {
  video: VideoDto
  playhead: Playhead
}

export function EditMenuContent({ video, playhead, trigger }: EditMenuProps & MenuProps) {
  const [dialog, setDialog] = useState<'poster' | 'replace' | null>(null)
  const close = () => setDialog(null)
  return (
    <>
      <DropdownMenu defaultOpen>
        <DropdownMenuTrigger asChild>{trigger}</DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem disabled={video.durationSeconds === null} onSelect={() => setDialog('poster')}>
            <Image /> Thumbnail
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => setDialog('replace')}>
            <FileUp /> Replace file
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      {dialog === 'poster' && <PosterDialog video={video} playhead={playhead} onClose={close} />}
      {dialog === 'replace' && <ReplaceFileDialog video={video} onClose={close} />}
    </>
  )
}

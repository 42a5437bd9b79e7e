'use client'

import { Download, Ellipsis, FileUp, Languages, Pencil, RotateCw, Tag, Trash2 } from 'lucide-react'
import { Link } from '@/app/ui/link'
import { type RefObject, useState } from 'react'
import { Button } from '@/app/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/app/ui/dropdown-menu'
import { isUnfinished } from '@/app/features/tasks/task-state'
import type { CaptionDto } from '@/lib/captions/schema'
import type { SpeechSupport } from '../speech-support'
import { RequestCaptionsDialog } from './request-captions-dialog'
import { RenameDialog } from './rename-dialog'
import type { TrackActions } from './use-track-actions'

interface Props {
  videoId: string
  track?: CaptionDto
  speechSupport: SpeechSupport
  actions: TrackActions
  picker: RefObject<HTMLInputElement | null>
}

const EXPORT_FORMATS = [
  ['vtt', 'WebVTT'],
  ['srt', 'SubRip'],
  ['txt', 'text with times'],
] as const

/** Everything that can be done with a track, and how to get another. */
export function TrackMenu({ videoId, track, speechSupport: listener, actions, picker }: Props) {
  const [dialog, setDialog] = useState<'order' | 'rename' | null>(null)
  const isIdle = !track || !isUnfinished(track)
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button size="sm" variant="ghost" aria-label="More about captions">
            <Ellipsis className="size-4" />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          {track && (
            <>
              <DropdownMenuItem asChild>
                <Link href={`/videos/${videoId}/captions/${track.id}`}>
                  <Pencil /> Edit
                </Link>
              </DropdownMenuItem>
              <DropdownMenuItem onSelect={() => setDialog('rename')}>
                <Tag /> Name and language
              </DropdownMenuItem>
              {track.cueCount > 0 &&
                EXPORT_FORMATS.map(([format, name]) => (
                  <DropdownMenuItem key={format} asChild>
                    <a href={`/api/v1/captions/${track.id}/export?format=${format}`} download>
                      <Download /> Download as {name}
                    </a>
                  </DropdownMenuItem>
                ))}
              <DropdownMenuSeparator />
            </>
          )}
          {listener.canTranscribe && isIdle && (
            <DropdownMenuItem onSelect={() => void actions.order(repeatRequestOptions(track))}>
              <RotateCw /> {track?.source === 'speech' ? 'Make captions again' : 'Make captions by listening'}
            </DropdownMenuItem>
          )}
          {listener.canTranscribe && (
            <>
              <DropdownMenuItem disabled={listener.isEnglishOnly} onSelect={() => setDialog('order')}>
                <Languages /> Make captions in another language
              </DropdownMenuItem>
              <DropdownMenuItem
                disabled={listener.isEnglishOnly}
                onSelect={() => void actions.order({ translate: true })}
              >
                <Languages /> Translate to English
              </DropdownMenuItem>
              {listener.isEnglishOnly && (
                <DropdownMenuLabel>
                  PocketSphinx supports English only and cannot translate.
                </DropdownMenuLabel>
              )}
            </>
          )}
          <DropdownMenuItem onSelect={() => picker.current?.click()}>
            <FileUp /> Add a .srt or .vtt file
          </DropdownMenuItem>
          {track && (
            <>
              <DropdownMenuSeparator />
              <DropdownMenuItem
                className="text-destructive [&_svg]:text-destructive"
                onSelect={() => actions.remove(track)}
              >
                <Trash2 /> Delete this track
              </DropdownMenuItem>
            </>
          )}
        </DropdownMenuContent>
      </DropdownMenu>
      <RequestCaptionsDialog
        isOpen={dialog === 'order'}
        onOpenChange={() => setDialog(null)}
        onRequest={(language) => void actions.order({ language })}
      />
      {track && dialog === 'rename' && (
        <RenameDialog
          track={track}
          onClose={() => setDialog(null)}
          onChange={(change) => void actions.change(track, change)}
        />
      )}
    </>
  )
}

function repeatRequestOptions(track?: CaptionDto) {
  if (track?.source !== 'speech') return {}
  if (track.isTranslation) return { translate: true }
  return track.language === 'und' ? {} : { language: track.language }
}

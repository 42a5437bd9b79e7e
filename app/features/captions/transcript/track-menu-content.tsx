import { Download, FileUp, Languages, Pencil, RotateCw, Tag, Trash2, Users } from 'lucide-react'
import { type RefObject, useState } from 'react'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/app/ui/dropdown-menu'
import type { MenuProps } from '@/app/ui/lazy-menu'
import { Link } from '@/app/ui/link'
import { isUnfinished } from '@/app/features/tasks/task-state'
import type { CaptionDto } from '@/lib/captions/schema'
import * as messages from '@/lib/generated/messages/captions'
import * as captionTracksMessages from '@/lib/generated/messages/caption-tracks'
import type { SpeechSupport } from '../speech-support'
import { RequestCaptionsDialog } from './request-captions-dialog'
import { RenameDialog } from './rename-dialog'
import { TranslateDialog } from './translate-dialog'
import type { TrackActions } from './use-track-actions'

export interface TrackMenuProps {
  videoId: string
  track?: CaptionDto
  speechSupport: SpeechSupport
  actions: TrackActions
  picker: RefObject<HTMLInputElement | null>
}

const EXPORT_FORMATS = [
  ['vtt', captionTracksMessages.downloadVtt],
  ['srt', captionTracksMessages.downloadSrt],
  ['txt', captionTracksMessages.downloadText],
] as const

/** The actions for a track, and the ways to add another one. */
export function TrackMenuContent({
  videoId,
  track,
  speechSupport,
  actions,
  picker,
  trigger,
}: TrackMenuProps & MenuProps) {
  const [dialog, setDialog] = useState<'request' | 'rename' | 'translate' | null>(null)
  const isIdle = !track || !isUnfinished(track)
  return (
    <>
      <DropdownMenu defaultOpen>
        <DropdownMenuTrigger asChild>{trigger}</DropdownMenuTrigger>
        <DropdownMenuContent>
          {track && (
            <>
              <DropdownMenuItem asChild>
                <Link href={`/videos/${videoId}/captions/${track.id}`}>
                  <Pencil /> {captionTracksMessages.editTrack()}
                </Link>
              </DropdownMenuItem>
              <DropdownMenuItem onSelect={() => setDialog('rename')}>
                <Tag /> {captionTracksMessages.nameAndLanguage()}
              </DropdownMenuItem>
              {track.cueCount > 0 &&
                EXPORT_FORMATS.map(([format, label]) => (
                  <DropdownMenuItem key={format} asChild>
                    <a href={`/api/v1/captions/${track.id}/export?format=${format}`} download>
                      <Download /> {label()}
                    </a>
                  </DropdownMenuItem>
                ))}
              <DropdownMenuSeparator />
            </>
          )}
          {speechSupport.canTranscribe && isIdle && (
            <DropdownMenuItem onSelect={() => void actions.requestCaptions(repeatRequestOptions(track))}>
              <RotateCw />{' '}
              {track?.source === 'speech' ? captionTracksMessages.regenerate() : messages.generate()}
            </DropdownMenuItem>
          )}
          {speechSupport.canTranscribe && isIdle && track?.source === 'speech' && (
            <DropdownMenuItem
              onSelect={() =>
                void actions.requestCaptions({ ...repeatRequestOptions(track), speakers: true })
              }
            >
              <Users /> {captionTracksMessages.identifySpeakers()}
            </DropdownMenuItem>
          )}
          {speechSupport.canTranscribe && (
            <>
              <DropdownMenuItem disabled={speechSupport.isEnglishOnly} onSelect={() => setDialog('request')}>
                <Languages /> {captionTracksMessages.generateInLanguage()}
              </DropdownMenuItem>
              <DropdownMenuItem
                disabled={speechSupport.isEnglishOnly}
                onSelect={() => void actions.requestCaptions({ translate: true })}
              >
                <Languages /> {captionTracksMessages.translateToEnglish()}
              </DropdownMenuItem>
              {speechSupport.isEnglishOnly && (
                <DropdownMenuLabel>{captionTracksMessages.englishOnly()}</DropdownMenuLabel>
              )}
            </>
          )}
          {speechSupport.canTranslateCaptions && track && isIdle && track.cueCount > 0 && (
            <DropdownMenuItem onSelect={() => setDialog('translate')}>
              <Languages /> {captionTracksMessages.translateToOther()}
            </DropdownMenuItem>
          )}
          <DropdownMenuItem onSelect={() => picker.current?.click()}>
            <FileUp /> {captionTracksMessages.importFileOfType()}
          </DropdownMenuItem>
          {track && (
            <>
              <DropdownMenuSeparator />
              <DropdownMenuItem
                className="text-destructive [&_svg]:text-destructive!"
                onSelect={() => actions.deleteTrack(track)}
              >
                <Trash2 /> {captionTracksMessages.deleteTrack()}
              </DropdownMenuItem>
            </>
          )}
        </DropdownMenuContent>
      </DropdownMenu>
      <RequestCaptionsDialog
        isOpen={dialog === 'request'}
        onOpenChange={() => setDialog(null)}
        onRequest={(request) => void actions.requestCaptions(request)}
      />
      {track && dialog === 'translate' && (
        <TranslateDialog
          track={track}
          onClose={() => setDialog(null)}
          onTranslate={(language) => void actions.translateTrack(track, language)}
        />
      )}
      {track && dialog === 'rename' && (
        <RenameDialog
          track={track}
          onClose={() => setDialog(null)}
          onChange={(change) => void actions.updateTrack(track, change)}
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

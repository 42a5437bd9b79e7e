'use client'

import { ImageUp, Sparkles } from 'lucide-react'
import { useRef, useState } from 'react'
import { formatTimecode } from '@/app/features/captions/editor/timecode'
import type { Playhead } from '@/app/features/player/playhead'
import { FileInput } from '@/app/features/uploads/file-input'
import { Button } from '@/app/ui/button'
import { Modal } from '@/app/ui/modal'
import type { VideoDto } from '@/lib/videos/schema'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/poster-dialog'
import { StoryboardFrames } from './storyboard-frames'
import { usePosterChoice } from './use-poster-choice'

interface Props {
  video: VideoDto
  playhead: Playhead
  onClose(): void
}

/** Chooses the thumbnail of a video: a frame, an uploaded picture, or what is selected automatically. */
export function PosterDialog({ video, playhead, onClose }: Props) {
  const [position] = useState(() => playhead.seconds())
  const [seconds, setSeconds] = useState<number | null>(null)
  const picker = useRef<HTMLInputElement>(null)
  const { choose, uploadPicture, isSending } = usePosterChoice(video, onClose)
  return (
    <Modal isOpen onOpenChange={onClose} title={messages.title()} description={messages.hint()}>
      {video.hasVideo && video.urls.storyboard && (
        <StoryboardFrames url={video.urls.storyboard} selectedSeconds={seconds} onSelect={setSeconds} />
      )}
      <div className="flex flex-wrap gap-2">
        {video.hasVideo && (
          <Button
            size="sm"
            disabled={isSending}
            onClick={() => void choose({ source: 'frame', atSeconds: position })}
          >
            {messages.usePosition({ time: formatTimecode(position) })}
          </Button>
        )}
        <Button size="sm" disabled={isSending} onClick={() => picker.current?.click()}>
          <ImageUp className="size-4" aria-hidden />
          {messages.upload()}
        </Button>
        {video.posterSource !== 'automatic' && (
          <Button size="sm" disabled={isSending} onClick={() => void choose({ source: 'automatic' })}>
            <Sparkles className="size-4" aria-hidden />
            {messages.automatic()}
          </Button>
        )}
      </div>
      <p className="text-sm text-muted-foreground">{messages.fileHint()}</p>
      <FileInput
        ref={picker}
        multiple={false}
        accept="image/jpeg,image/png,image/webp"
        aria-label={messages.picture()}
        data-testid="picture-input"
        onFiles={([file]) => file && void uploadPicture(file)}
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{commonMessages.cancel()}</Button>
        {video.hasVideo && (
          <Button
            variant="default"
            disabled={seconds === null || isSending}
            onClick={() => seconds !== null && void choose({ source: 'frame', atSeconds: seconds })}
          >
            {messages.useSelected()}
          </Button>
        )}
      </div>
    </Modal>
  )
}

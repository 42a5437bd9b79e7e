'use client'

import { useRef } from 'react'
import { FileInput } from '@/app/features/uploads/file-input'
import { useUploads } from '@/app/features/uploads/upload-provider'
import { Button } from '@/app/ui/button'
import { Modal } from '@/app/ui/modal'
import type { VideoDto } from '@/lib/videos/schema'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/replace-file'

interface Props {
  video: VideoDto
  onClose(): void
}

/** Explains what replacing the file of a video keeps, and uploads the new one. */
export function ReplaceFileDialog({ video, onClose }: Props) {
  const picker = useRef<HTMLInputElement>(null)
  const { replaceFile } = useUploads()
  return (
    <Modal
      isOpen
      onOpenChange={onClose}
      title={messages.replaceTitle()}
      description={messages.replaceHint({ title: video.title })}
    >
      <p className="text-sm text-muted-foreground">{messages.replaceDetails()}</p>
      <FileInput
        ref={picker}
        multiple={false}
        accept="video/*,audio/*,.mkv,.ts,.mts,.m2ts,.vob,.mxf"
        aria-label={messages.newFile()}
        data-testid="replacement-input"
        onFiles={([file]) => {
          if (!file) return
          replaceFile(video.id, file)
          onClose()
        }}
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{commonMessages.cancel()}</Button>
        <Button variant="default" onClick={() => picker.current?.click()}>
          {messages.chooseFile()}
        </Button>
      </div>
    </Modal>
  )
}

'use client'

import { useRef } from 'react'
import { FileInput } from '@/app/features/uploads/file-input'
import { useUploads } from '@/app/features/uploads/upload-provider'
import { Button } from '@/app/ui/button'
import { Modal } from '@/app/ui/modal'
import type { VideoDto } from '@/lib/videos/schema'

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
      title="Replace the file"
      description={`“${video.title}” keeps its links, title, folder, tags and views. The current file plays until the new one is ready.`}
    >
      <p className="text-sm text-muted-foreground">
        Captions, chapters and the thumbnail are created again. Captions and chapters that you added or edited
        stay only if the new file is as long as the current one; an uploaded thumbnail stays. The current file
        is deleted then.
      </p>
      <FileInput
        ref={picker}
        multiple={false}
        accept="video/*,audio/*,.mkv,.ts,.mts,.m2ts,.vob,.mxf"
        aria-label="New file"
        data-testid="replacement-input"
        onFiles={([file]) => {
          if (!file) return
          replaceFile(video.id, file)
          onClose()
        }}
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="default" onClick={() => picker.current?.click()}>
          Choose file
        </Button>
      </div>
    </Modal>
  )
}

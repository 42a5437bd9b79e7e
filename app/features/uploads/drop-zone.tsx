'use client'

import { Upload } from 'lucide-react'
import { useRef } from 'react'
import { FileInput } from './file-input'
import { useUploads } from './upload-provider'
import { StartCard } from '@/app/ui/start-card'
import { Button } from '@/app/ui/button'

/** Where files are chosen. Dropping works on the whole page. */
export function DropZone() {
  const { addFiles: add, openFilePicker: choose } = useUploads()
  const folder = useRef<HTMLInputElement>(null)
  return (
    <StartCard
      label="Upload"
      Icon={Upload}
      heading={<h1>Drop videos anywhere</h1>}
      description="They are made ready while you are away. You can close this tab once they are uploaded."
      className="border-dashed border-foreground/20"
    >
      <div className="flex flex-wrap justify-center gap-2">
        <Button variant="default" onClick={choose}>
          Choose files
        </Button>
        <Button onClick={() => folder.current?.click()}>Choose a folder</Button>
      </div>
      <FileInput
        ref={folder}
        aria-label="Folder"
        data-testid="folder-input"
        {...{ webkitdirectory: '' }}
        onFiles={add}
      />
    </StartCard>
  )
}

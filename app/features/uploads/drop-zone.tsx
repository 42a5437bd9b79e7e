'use client'

import { Upload } from 'lucide-react'
import { useRef } from 'react'
import { FileInput } from './file-input'
import { useUploads } from './upload-provider'
import { StartCard } from '@/app/ui/start-card'
import { Button } from '@/app/ui/button'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import * as messages from '@/lib/generated/messages/uploads'

/** The upload of one file without tus, which curl does not speak. */
const UPLOAD = { url: '/api/v1/videos?filename=film.mp4', method: 'POST', file: 'film.mp4' }

/** Lets the user choose files or a folder. Files can be dropped anywhere on the page. */
export function DropZone({ isCompact = false }: { isCompact?: boolean }) {
  const { addFiles, openFilePicker, openImportDialog } = useUploads()
  const folder = useRef<HTMLInputElement>(null)
  return (
    <StartCard
      label={messages.upload()}
      Icon={Upload}
      heading={<h1>{messages.dropHeading()}</h1>}
      description={messages.dropHint()}
      isCompact={isCompact}
      className="border-dashed border-foreground/20"
    >
      <Button variant="default" onClick={openFilePicker}>
        {messages.chooseFiles()}
      </Button>
      <Button className={isCompact ? 'max-sm:hidden' : ''} onClick={() => folder.current?.click()}>
        {messages.chooseFolder()}
      </Button>
      <Button aria-haspopup="dialog" onClick={() => openImportDialog()}>
        {messages.importLink()}
      </Button>
      <CopyAsCurl size="icon" actions={[{ label: messages.upload(), request: UPLOAD }]} />
      <FileInput
        ref={folder}
        aria-label={messages.folder()}
        data-testid="folder-input"
        {...{ webkitdirectory: '' }}
        onFiles={addFiles}
      />
    </StartCard>
  )
}

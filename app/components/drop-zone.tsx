'use client'

import { Upload } from 'lucide-react'
import { useRef } from 'react'
import { useUploads } from '@/app/uploads/upload-provider'
import { Button } from './ui/button'

/** Where files are chosen. Dropping works on the whole page. */
export function DropZone() {
  const { add, choose } = useUploads()
  const folder = useRef<HTMLInputElement>(null)
  return (
    <section
      aria-label="Upload"
      className="flex flex-col items-center gap-4 rounded-xl border border-dashed border-foreground/20 bg-card px-6 py-9 text-center"
    >
      <span className="grid size-11 place-items-center rounded-full bg-primary/10">
        <Upload className="size-5 text-primary" aria-hidden />
      </span>
      <div>
        <h1 className="text-xl font-semibold">Drop videos anywhere</h1>
        <p className="mt-1 text-balance text-muted-foreground">
          They are made ready while you are away. You can close this tab once they are uploaded.
        </p>
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        <Button variant="default" onClick={choose}>
          Choose files
        </Button>
        <Button onClick={() => folder.current?.click()}>Choose a folder</Button>
      </div>
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        aria-label="Folder"
        data-testid="folder-input"
        {...{ webkitdirectory: '' }}
        onChange={({ currentTarget }) => {
          add([...(currentTarget.files ?? [])])
          currentTarget.value = ''
        }}
      />
    </section>
  )
}

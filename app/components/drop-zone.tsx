'use client'

import { Upload } from 'lucide-react'
import { useRef } from 'react'
import { useUploads } from '@/app/uploads/upload-provider'
import { Button } from './button'

/** Where files are chosen. Dropping works on the whole page. */
export function DropZone() {
  const { add } = useUploads()
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const choose = (input: HTMLInputElement) => {
    add([...(input.files ?? [])])
    input.value = ''
  }
  return (
    <section
      aria-label="Upload"
      className="flex flex-col items-center gap-4 rounded-xl border border-dashed bg-raised px-6 py-10 text-center"
    >
      <Upload className="size-6 text-accent" aria-hidden />
      <div>
        <h1 className="text-xl font-semibold">Drop videos anywhere</h1>
        <p className="mt-1 text-soft">
          They are made ready while you are away. You can close this tab once they are uploaded.
        </p>
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        <Button look="main" onClick={() => files.current?.click()}>
          Choose files
        </Button>
        <Button onClick={() => folder.current?.click()}>Choose a folder</Button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        accept="video/*,audio/*,.mkv,.mts,.m2ts"
        hidden
        aria-label="Files"
        data-testid="file-input"
        onChange={(event) => choose(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        aria-label="Folder"
        {...{ webkitdirectory: '' }}
        onChange={(event) => choose(event.currentTarget)}
      />
    </section>
  )
}

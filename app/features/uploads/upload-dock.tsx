'use client'

import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { useLive } from '@/app/live/live-provider'
import * as messages from '@/lib/generated/messages/uploading'
import type { UploadFile } from './upload-file'
import { useUploadAnnouncements } from './use-upload-announcements'
import { type UploadActions, UploadRow } from './upload-row'

/** Lists uploads at the bottom right of every page. */
export function UploadDock({ files, ...actions }: { files: UploadFile[] } & UploadActions) {
  const [isOpen, setOpen] = useState(true)
  const { videos } = useLive()
  useUploadAnnouncements(files)
  return (
    <section
      aria-label={messages.uploads()}
      className="fixed end-4 bottom-4 z-40 w-[min(24rem,calc(100vw-2rem))] max-sm:bottom-20 overflow-hidden rounded-xl border bg-card shadow-lg"
    >
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex h-11 w-full items-center justify-between px-4 font-medium"
      >
        {uploadsHeading(files)}
        <ChevronDown className={`size-4 transition-transform ${isOpen ? '' : 'rotate-180'}`} />
      </button>
      {isOpen && (
        <ul className="max-h-72 divide-y overflow-y-auto border-t">
          {files.map((file) => (
            <UploadRow
              key={file.id}
              file={file}
              video={videos.find((video) => video.id === file.videoId)}
              {...actions}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

function uploadsHeading(files: UploadFile[]) {
  const count = (...states: UploadFile['state'][]) =>
    files.filter(({ state }) => states.includes(state)).length
  const total = files.length
  const [active, failed] = [count('sending', 'paused'), count('failed', 'refused')]
  if (active > 0) {
    if (total === 1) return messages.uploading()
    return messages.uploadedOf({ count: count('done'), total })
  }
  if (failed > 0) return messages.failedOf({ count: failed, total })
  return messages.allUploaded()
}

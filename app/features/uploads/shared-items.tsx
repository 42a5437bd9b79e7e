'use client'

import { useEffect, useEffectEvent, useState } from 'react'
import { loadLater } from '@/app/ui/load-later'
import { toast } from '@/app/ui/toast'
import * as messages from '@/lib/generated/messages/uploads'
import { findLink, hasShared, takeShared } from './take-shared'

const SharedFilesDialog = loadLater(async () => (await import('./shared-files-dialog')).SharedFilesDialog)

interface Props {
  addFiles(files: File[]): void
  openImportDialog(url: string): void
}

/** Offers to upload files, or to import a link, that another app shared with the installed app. */
export function SharedItems({ addFiles, openImportDialog }: Props) {
  const [files, setFiles] = useState<File[]>([])
  const offerShared = useEffectEvent(async () => {
    const shared = await takeShared()
    const link = findLink(shared?.text ?? '')
    if (shared?.files.length) setFiles(shared.files)
    else if (link) openImportDialog(link)
    else toast.error(messages.nothingShared())
  })
  useEffect(() => {
    if (hasShared()) void offerShared()
  }, [])
  const close = () => setFiles([])
  return (
    files.length > 0 && (
      <SharedFilesDialog
        files={files}
        onClose={close}
        onUpload={() => {
          addFiles(files)
          close()
        }}
      />
    )
  )
}

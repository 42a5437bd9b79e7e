'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { toast } from '@/app/ui/toast'
import * as messages from '@/lib/generated/messages/uploads'
import type { UploadFile } from './upload-file'
import type { Uploader } from './uploader'

/**
 * Rows for the upload dock, and `withUploader`, which calls its argument once the uploader is loaded: few visits upload
 * anything.
 */
export function useUploadFiles() {
  const [files, setFiles] = useState<UploadFile[]>([])
  const loading = useRef<Promise<Uploader>>(undefined)
  useEffect(
    () => () => {
      void loading.current?.then(({ uppy }) => uppy.destroy())
      loading.current = undefined
    },
    [],
  )
  const withUploader = useCallback((use: (uploader: Uploader) => void) => {
    loading.current ??= import('./uploader').then(({ startUploader }) => startUploader(setFiles))
    loading.current.then(use, () => {
      loading.current = undefined
      toast.error(messages.startFailed())
    })
  }, [])
  return { files, setFiles, withUploader }
}
